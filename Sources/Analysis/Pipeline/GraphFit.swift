import NeuralNetworks

/// Holds a graph against its card: which tiles it takes, and what it answers for them.
struct GraphFit {
    var problems: [String] = []
    let graph: Graph
    let card: ModelCard
    private let port: Graph.Port?
    /// The same with sides of any length, to see what the answer's size does where the file fixes one.
    let unfixed: Graph

    static let sides = 8...4_096

    struct Tile {
        let side: Int
        var margin = 0
        var reduction = 1
        var isFlexible = false
        var boxesAreColumns = false
        var grid: GridShape?
        var vector: VectorShape?
    }

    init(_ graph: Graph, _ card: ModelCard) {
        self.graph = graph
        self.card = card
        port = graph.inputs.count == 1 && graph.inputs.first?.name == card.input.name ? graph.inputs.first : nil
        unfixed = Self.unfixed(graph, card.input.layout)
    }

    /// The model's inputs and outputs as its file declares them.
    var signature: String {
        func list(_ ports: [Graph.Port]) -> String {
            ports.map { "`\($0.name)` \(Self.shape($0)) \($0.elementType)" }.joined(separator: ", ")
        }
        return "the model takes \(list(graph.inputs)) and answers with \(list(graph.outputs))"
    }

    mutating func tile(wanted: Int?) -> Tile? {
        if port == nil { problems.append("the card's input `\(card.input.name)` is not the model's only input") }
        guard let output = graph.outputs.first(where: { $0.name == card.output.name }) else {
            let last = graph.nodes.suffix(8).flatMap { $0.outputs.compactMap(\.self) }.map { "`\($0)`" }.joined(
                separator: ", ")
            problems.append(
                card.task == .embedding
                    ? "the model has no tensor `\(card.output.name)`; its last are \(last)"
                    : "the model has no output `\(card.output.name)`")
            return nil
        }
        guard let port, checkTypes(port, output), let side = side(of: port, wanted: wanted) else { return nil }
        checkActivation()
        if let node = graph.nodesThatTrain.first {
            problems.append(
                "the model was exported as it learns: `\(node.name)` normalises each tile by its own mean and variance; export it "
                    + "in inference mode, as PyTorch's model.eval() sets it")
        }
        guard let answer = answer(side, side) else {
            let fitting = Self.roundedUp(side, to: TileContract.usualAlignment)
            let advice = answer(fitting, fitting) == nil ? "" : "; it takes \(fitting) x \(fitting)"
            problems.append("the model cannot take a tile of \(side) x \(side)\(advice): \(failure(side))")
            return nil
        }
        var tile = Tile(side: side)
        switch card.task {
        case .classification:
            guard answer.elementCount == card.output.classes.count, answer.dimensions.filter({ $0 != 1 }).count <= 1
            else {
                problems.append(
                    "the output is \(answer) for a tile, and the card has \(card.output.classesInWords)")
                return nil
            }
        case .segmentation:
            guard let size = map(answer), size.height == size.width, size.height > 0,
                let (margin, reduction) = scale(of: size.height, for: side)
            else {
                if problems.isEmpty {
                    problems.append(
                        "the output is \(answer) for a tile of \(side) x \(side), and the card has "
                            + "\(card.output.classesInWords) in the layout \(card.output.layout.rawValue)")
                }
                return nil
            }
            (tile.margin, tile.reduction) = (margin, reduction)
        case .detection:
            guard fitDetection(&tile) else { return nil }
        case .embedding:
            guard fitVector(answer, &tile) else { return nil }
        }
        tile.isFlexible = isFlexible(tile)
        return tile
    }

    private mutating func checkTypes(_ port: Graph.Port, _ output: Graph.Port) -> Bool {
        for port in [port, output] where port.elementType != .float32 {
            problems.append("`\(port.name)` is \(port.elementType), not float32")
        }
        let channels = card.input.colour.channels
        let wanted = card.input.layout == .nchw ? [1, channels, nil, nil] : [1, nil, nil, channels]
        let fits =
            port.dimensions.count == 4
            && zip(port.dimensions, wanted).allSatisfy { dimension, wanted in
                // A side as short as there are channels is no side.
                if case .fixed(let extent) = dimension { wanted.map { extent == $0 } ?? (extent > 4) } else { true }
            }
        if !fits {
            let batch =
                port.dimensions.first.map { if case .fixed(let count) = $0 { count > 1 } else { false } } ?? false
            problems.append(
                "the input `\(port.name)` is \(Self.shape(port)), and the card has one \(card.input.colour.rawValue) image "
                    + "in the layout \(card.input.layout.rawValue)" + (batch ? ": export it for a batch of 1" : ""))
        }
        return problems.isEmpty
    }

    /// The side that the file fixes, or the pipeline or the card asks for.
    private mutating func side(of port: Graph.Port, wanted: Int?) -> Int? {
        let axes = card.input.layout == .nchw ? [2, 3] : [1, 2]
        let fixed = axes.compactMap { axis in if case .fixed(let extent) = port.dimensions[axis] { extent } else { nil }
        }
        guard let side = fixed.first else {
            if wanted == nil, card.input.side == nil {
                problems.append("neither the stage's `tile` nor the card's `input.size` says how large a tile is")
            }
            return wanted ?? card.input.side
        }
        if fixed.contains(where: { $0 != side }) {
            problems.append("the model takes \(fixed[0]) x \(fixed[1]) pixels, and tiles are square")
        } else if let wanted, wanted != side {
            problems.append("the model takes \(side) x \(side) pixels only, and the stage's tile is \(wanted)")
        } else if let size = card.input.side, size != side {
            problems.append("the model takes \(side) x \(side) pixels only, and the card's `input.size` is \(size)")
        }
        if !Self.sides.contains(side) { problems.append("a tile has from 8 to 4096 pixels along a side, not \(side)") }
        return problems.isEmpty ? side : nil
    }

    private mutating func checkActivation() {
        guard card.output.activation != .none, let last = graph.lastFunction(of: card.output.name) else { return }
        problems.append(
            "the card's activation is \(card.output.activation.rawValue), but the output is that of a \(last) already: "
                + "the activation is none")
    }

    /// How a segmentation's answer lies in its input, from the answers to two sizes.
    private mutating func scale(of answer: Int, for side: Int) -> (margin: Int, reduction: Int)? {
        let step = 2 * TileContract.usualAlignment
        var found: (margin: Int, reduction: Int)?
        if let next = self.answer(side + step, side + step, in: unfixed).flatMap(map)?.height, next > answer,
            step % (next - answer) == 0
        {
            let reduction = step / (next - answer)
            let rest = side % reduction
            // Without a crop the last pixels would be cut off, and the others be taken for shifted.
            if rest > 0, self.answer(side - rest, side - rest, in: unfixed).flatMap(map)?.height == side / reduction {
                problems.append("a tile of \(side) is no multiple of the \(reduction) pixels that it is shrunk by")
                return nil
            }
            found = lying(answer, in: side, reduction: reduction)
        } else if answer == side {
            found = (0, 1)
        }
        if let crop = card.output.crop {
            let rest = side - 2 * crop
            guard rest > 0, rest % answer == 0, found.map({ $0 == (crop, rest / answer) }) ?? true else {
                problems.append("a crop of \(crop) does not make the output's \(answer) of the input's \(side) pixels")
                return nil
            }
            return (crop, rest / answer)
        }
        if found == nil {
            problems.append(
                "the output has \(answer) x \(answer) pixels for \(side) x \(side): the card's `output.crop` must say how many "
                    + "the input has more along each edge (0 where the output is only coarser)")
        }
        return found
    }

    private func lying(_ answer: Int, in side: Int, reduction: Int) -> (margin: Int, reduction: Int)? {
        let margins = side - reduction * answer
        return margins >= 0 && margins % 2 == 0 ? (margins / 2, reduction) : nil
    }

    /// Whether every multiple of 32 up to the tile's side is taken alike, by those that tell.
    private func isFlexible(_ tile: Tile) -> Bool {
        let unit = TileContract.usualAlignment
        let side = tile.side - 2 * tile.margin
        guard side % unit == 0, side > unit else { return false }
        return [(unit, unit), (2 * unit, 2 * unit), (3 * unit, 3 * unit), (unit, side), (side, unit)].allSatisfy {
            size in
            let found = answer(size.0 + 2 * tile.margin, size.1 + 2 * tile.margin)
            return switch card.task {
            case .classification: found?.elementCount == card.output.classes.count
            case .segmentation:
                found.flatMap(map).map { $0 == (size.0 / tile.reduction, size.1 / tile.reduction) } ?? false
            case .detection: detectionFits(size.0, size.1, tile)
            case .embedding: false
            }
        }
    }

    /// Height and width of a segmentation's answer; nil where it does not have the card's classes.
    private func map(_ answer: Shape) -> (height: Int, width: Int)? {
        let classes = card.output.classes.count
        switch (answer.rank, card.output.layout) {
        case (4, .nchw) where answer[0] == 1 && answer[1] == classes: return (answer[2], answer[3])
        case (4, .nhwc) where answer[0] == 1 && answer[3] == classes: return (answer[1], answer[2])
        case (3, _) where answer[0] == 1 && classes == 1: return (answer[1], answer[2])
        default: return nil
        }
    }

    /// As the file declares it, such as `Nx3x256x256`; many files leave an output's to be computed.
    static func shape(_ port: Graph.Port) -> String {
        port.dimensions.isEmpty ? "(no shape)" : port.dimensions.map(\.description).joined(separator: "x")
    }

    private static func roundedUp(_ side: Int, to multiple: Int) -> Int { (side + multiple - 1) / multiple * multiple }
}
