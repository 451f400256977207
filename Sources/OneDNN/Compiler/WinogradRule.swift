import NeuralNetworks

/// Which convolutions are computed by Winograd's minimal filtering, and with which tiles.
///
/// A tile of 4 x 4 outputs takes 36 multiplications where the definition has 144, one of 2 x 2 takes 16 for 36,
/// at the price of transforms, of weights that are 4 or 1.8 times larger, and of a larger rounding error.
/// The rule looks at shapes alone, never at the clock, so that a network gives the same bits on every run.
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016; the limits are measured.
enum WinogradRule {
    enum Tile: Sendable {
        case two, four

        /// What oneDNN's implementations of the tile have in their names.
        var implementation: String { self == .two ? "wino_2x3" : "wino_4x3" }
    }

    /// Below these the transforms cost more than the multiplications that they spare.
    private static let leastChannels = 32
    /// Fewer tiles of 4 x 4 than this cannot pay for reading the larger weights.
    private static let leastTiles = 32

    /// The tile for a convolution; nil where it is better computed directly.
    static func tile(for problem: ConvolutionProblem) -> Tile? {
        guard applies(to: problem) else { return nil }
        return tiles(problem) >= leastTiles ? .four : .two
    }

    /// Whether a batch of small images is better computed image by image with small tiles than as a whole.
    static func splits(_ problem: ConvolutionProblem) -> Bool { tiles(problem.image()) < leastTiles }

    /// Whether the implementations can apply the activation themselves.
    static func fuses(_ activation: Activation?) -> Bool { activation == nil || activation == .relu }

    private static func applies(to problem: ConvolutionProblem) -> Bool {
        InstructionSet.current.hasWinograd && !problem.isTransposed && problem.groups == 1 && problem.kernel == [3, 3]
            && problem.strides == [1, 1] && problem.dilations == [1, 1] && problem.padsBegin.allSatisfy { $0 <= 1 }
            && problem.padsEnd.allSatisfy { $0 <= 1 } && problem.source[1] >= leastChannels
            && problem.destination[1] >= leastChannels
    }

    /// Tiles of 4 x 4 outputs in the whole batch.
    private static func tiles(_ problem: ConvolutionProblem) -> Int {
        problem.destination.dropFirst(2).reduce(problem.destination[0]) { $0 * (($1 + 3) / 4) }
    }
}
