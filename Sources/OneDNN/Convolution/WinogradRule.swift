import NeuralNetworks

/// Which convolutions are computed by Winograd's minimal filtering, and with which tiles.
///
/// A tile of 4 x 4 outputs takes 36 multiplications where the definition has 144, one of 6 x 6 takes 64 for 324, one of
/// 2 x 2 takes 16 for 36, at the price of transforms, of weights that are 4, 7.1 or 1.8 times larger, and of a larger
/// rounding error.
/// The rule looks at shapes alone, never at the clock, so that a network gives the same bits on every run.
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016; the constants are measured.
enum WinogradRule {
    /// With fewer channels direct convolutions have other layouts.
    private static let leastChannels = 16
    /// What transforming a channel of a tile costs, in multiplications for each of its points.
    private static let transformCost = 12
    /// The multiplications that take as long as bringing a weight from memory.
    private static let readingCost = 20
    /// Larger weights than these are not worth their memory, where smaller ones are nearly as good.
    private static let largestOfSix = 2 << 20

    /// The tile for a convolution; nil where it is better computed directly.
    ///
    /// - Parameter type: of the values before and behind it; what is multiplied is `float32` in any case.
    static func tile(for problem: ConvolutionProblem, _ type: DataType) -> WinogradTile? {
        // Matrices multiply more than Winograd's filtering saves.
        guard applies(to: problem), !DirectRule.usesMatrices(type) else { return nil }
        let tiles = WinogradTile.allCases.filter {
            problem.kernel == [$0.kernel, $0.kernel] && ($0 != .six || weightByteCount($0, problem) <= largestOfSix)
        }
        guard let best = tiles.min(by: { cost($0, problem) < cost($1, problem) }) else { return nil }
        return cost(best, problem) < directCost(problem, type) ? best : nil
    }

    /// Whether a convolution learns by tiles of 4 x 4, whose kernel is transformed at each step: of whole blocks of channels.
    ///
    /// - Parameter problem: of one of so many pieces of the batch.
    static func learns(_ problem: ConvolutionProblem, pieces: Int) -> Bool {
        var problem = problem
        problem.source[0] *= pieces
        problem.destination[0] *= pieces
        let channels = [problem.source[1], problem.destination[1]]
        return applies(to: problem) && problem.kernel == [3, 3]
            && channels.allSatisfy { $0 % ConvolutionWeights.block == 0 }
            && (problem.padsBegin + problem.padsEnd).allSatisfy { 0...2 ~= $0 }
            && cost(.four, problem) < directCost(problem, .float32)
    }

    private static func applies(to problem: ConvolutionProblem) -> Bool {
        InstructionSet.current.hasConvolutionKernels && !problem.isTransposed && problem.groups == 1
            && problem.strides == [1, 1] && problem.dilations == [1, 1]
            && min(problem.source[1], problem.destination[1]) >= leastChannels
    }

    /// In multiplications.
    private static func cost(_ tile: WinogradTile, _ problem: ConvolutionProblem) -> Int {
        let (inputs, outputs) = channels(problem)
        let tiles = problem.destination.dropFirst(2).reduce(problem.destination[0]) {
            $0 * (($1 + tile.outputs - 1) / tile.outputs)
        }
        let products = max(tiles, readingCost) * inputs * outputs
        return tile.points * (products + tiles * transformCost * (inputs + outputs))
    }

    private static func directCost(_ problem: ConvolutionProblem, _ type: DataType) -> Int {
        let (inputs, outputs) = channels(problem)
        let weights = problem.kernel.reduce(inputs * outputs, *)
        let positions = problem.destination.dropFirst(2).reduce(problem.destination[0], *)
        // Half the bytes are read, and multiplied, in half the time.
        return weights * max(positions, readingCost) * type.byteCount / DataType.float32.byteCount
    }

    private static func weightByteCount(_ tile: WinogradTile, _ problem: ConvolutionProblem) -> Int {
        let (inputs, outputs) = channels(problem)
        return tile.points * inputs * outputs * DataType.float32.byteCount
    }

    /// As they lie in blocks.
    private static func channels(_ problem: ConvolutionProblem) -> (inputs: Int, outputs: Int) {
        let block = ConvolutionWeights.block
        return (
            ConvolutionWeights.blocks(problem.source[1]) * block,
            ConvolutionWeights.blocks(problem.destination[1]) * block
        )
    }
}
