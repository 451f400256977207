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

        /// Multiplications for each input and output channel.
        fileprivate var points: Int { self == .two ? 16 : 36 }
    }

    /// With fewer inputs or outputs the transforms cost more than the multiplications that they spare.
    private static let leastChannels = 16
    private static let leastProducts = 512
    /// Fewer tiles of 4 x 4 than this cannot pay for reading weights that do not stay in the cache.
    private static let leastTiles = 40
    private static let leastTilesOfCachedWeights = 16
    private static let cachedByteCount = 4 << 20

    /// The tile for a convolution; nil where it is better computed directly.
    static func tile(for problem: ConvolutionProblem) -> Tile? {
        guard applies(to: problem) else { return nil }
        let least = weightByteCount(.four, problem) <= cachedByteCount ? leastTilesOfCachedWeights : leastTiles
        return tiles(problem) >= least ? .four : .two
    }

    /// Whether a batch is better computed image by image than as a whole: its activations then stay in the
    /// cache, but the weights are read anew for each image.
    static func splits(_ problem: ConvolutionProblem) -> Bool {
        switch tile(for: problem.image()) {
        case .four: weightByteCount(.four, problem) <= cachedByteCount
        case .two: weightByteCount(.two, problem) <= 2 * cachedByteCount || tiles(problem) < leastTiles
        case nil: false
        }
    }

    /// Whether the implementations can apply the activation themselves.
    static func fuses(_ activation: Activation?) -> Bool { activation == nil || activation == .relu }

    private static func applies(to problem: ConvolutionProblem) -> Bool {
        let (inputs, outputs) = (problem.source[1], problem.destination[1])
        return InstructionSet.current.hasWinograd && !problem.isTransposed && problem.groups == 1
            && problem.kernel == [3, 3] && problem.strides == [1, 1] && problem.dilations == [1, 1]
            && problem.padsBegin.allSatisfy { $0 <= 1 } && problem.padsEnd.allSatisfy { $0 <= 1 }
            && min(inputs, outputs) >= leastChannels && inputs * outputs >= leastProducts
    }

    private static func weightByteCount(_ tile: Tile, _ problem: ConvolutionProblem) -> Int {
        tile.points * problem.source[1] * problem.destination[1] * DataType.float32.byteCount
    }

    /// Tiles of 4 x 4 outputs in the whole batch.
    private static func tiles(_ problem: ConvolutionProblem) -> Int {
        problem.destination.dropFirst(2).reduce(problem.destination[0]) { $0 * (($1 + 3) / 4) }
    }
}
