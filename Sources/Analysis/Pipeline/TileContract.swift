import NeuralNetworks

/// What a network takes of a scan and what it answers for it: its graph and its card held against each other by inferring
/// shapes, before any scan is read.
public struct TileContract: Sendable, Hashable {
    public let input: ModelInput
    public let output: ModelOutput
    /// Side of a tile as the network takes it, in pixels.
    public let inputSide: Int
    /// Pixels along each edge of the input for which there is no answer, as of convolutions without padding.
    public let margin: Int
    /// Pixels of the input along one of a map that is the output.
    public let reduction: Int
    /// Whether a list of boxes has a column for each, not a row.
    let boxesAreColumns: Bool
    /// Of a list of boxes that is made from grids.
    let grid: GridShape?
    /// Whether the network takes smaller tiles too, by multiples of 32.
    public let isFlexible: Bool
    /// Of an embedding.
    let vector: VectorShape?
    private let answersForPixels: Bool

    /// What the deepest networks shrink their input by: tiles that lie on its multiples agree with each other.
    static let usualAlignment = 32

    /// Side of what a tile answers for, in pixels of the input.
    var side: Int { inputSide - 2 * margin }
    /// What the origins and sizes of tiles are multiples of.
    var alignment: Int { Self.alignment(of: side) }

    private static func alignment(of side: Int) -> Int { greatestCommonDivisor(side, usualAlignment) }

    /// What neighbouring tiles that answer for so many pixels may share: each begins beyond the one before.
    static func largestOverlap(of side: Int) -> Int { min(side / 2, side - alignment(of: side)) }

    /// The input for what a tile of this size answers for: one tile at a time, so that the bits do not depend on how many
    /// there are.
    func inputShape(height: Int, width: Int) -> Shape {
        let (height, width) = (height + 2 * margin, width + 2 * margin)
        let channels = input.colour.channels
        return input.layout == .nchw ? [1, channels, height, width] : [1, height, width, channels]
    }

    /// Size of a segmentation's answer for what is of this size; nil for a classification.
    func mapSize(height: Int, width: Int) -> (height: Int, width: Int)? {
        answersForPixels ? (height / reduction, width / reduction) : nil
    }

    /// `[C, H, W]` in the order that the input's layout has.
    func arranged(_ planes: [Float]) -> [Float] {
        let channels = input.colour.channels
        return input.layout == .nchw
            ? planes : Self.transposed(planes, rows: channels, columns: planes.count / channels)
    }

    /// A segmentation's answer as `[K, H, W]`, whatever the output's layout.
    func planes(_ answer: [Float]) -> [Float] { planes(answer, channels: output.scoreChannels) }

    /// A map of so many channels as `[C, H, W]`.
    func planes(_ answer: [Float], channels: Int) -> [Float] {
        output.layout == .nchw
            ? answer : Self.transposed(answer, rows: answer.count / channels, columns: channels)
    }

    /// A list of boxes as `[4 + K, A]`, with the objectness where there is one `[5 + K, A]`.
    ///
    /// - Parameter answers: to a tile of this size.
    func boxColumns(_ answers: [[Float]], columns: Int, height: Int, width: Int) -> [Float] {
        if let grid { return grid.boxes(answers, height: height, width: width) }
        return boxesAreColumns
            ? answers[0] : Self.transposed(answers[0], rows: answers[0].count / columns, columns: columns)
    }

    /// What the outputs say of classes for a whole tile, `[K, ...]`; nil for answers of another shape.
    func scores(_ answers: [[Float]]) -> [Float]? {
        guard let leading = output.detection?.leadingColumns else { return planes(answers[0]) }
        let columns = leading + output.classes.count
        guard grid != nil || answers[0].count % columns == 0 else { return nil }
        let boxes = boxColumns(answers, columns: columns, height: side, width: side)
        return Array(boxes[(boxes.count / columns * leading)...])
    }

    private static func transposed(_ elements: [Float], rows: Int, columns: Int) -> [Float] {
        if rows == 1 || columns == 1 { return elements }
        return [Float](unsafeUninitializedCapacity: elements.count) { target, initialized in
            for row in 0..<rows {
                for column in 0..<columns { target[column * rows + row] = elements[row * columns + column] }
            }
            initialized = elements.count
        }
    }

    /// - Parameters:
    ///   - side: the tile that the pipeline asks for; nil for the network's own, or its card's.
    /// - Throws: ``PipelineError`` with everything that does not fit, and the model's own inputs and outputs.
    init(_ graph: Graph, _ card: ModelCard, side: Int?) throws(PipelineError) {
        var fit = GraphFit(graph, card)
        let found = fit.tile(wanted: side)
        guard fit.problems.isEmpty, let found else {
            throw PipelineError(.invalid, file: card.model, problems: fit.problems + [fit.signature])
        }
        input = card.input
        output = card.output
        inputSide = found.side
        (margin, reduction) = (found.margin, found.reduction)
        isFlexible = found.isFlexible
        vector = found.vector
        answersForPixels = card.task == .segmentation
        boxesAreColumns = found.boxesAreColumns
        grid = found.grid
    }

    private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestCommonDivisor(second, first % second)
    }
}
