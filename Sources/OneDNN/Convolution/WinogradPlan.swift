/// How the tiles of a convolution are worked on: so many at a time that they stay in the cache, and so that
/// threads have equal shares.
struct WinogradPlan {
    let share: WorkShare
    let threads: Int
    /// Tiles that are transformed, multiplied and transformed back before the next.
    let tilesAtOnce: Int
    /// Elements of the transformed tiles' matrices, and of the results', from one point to the next.
    let sourceStride, resultStride: Int
    /// Elements of scratch memory for each thread: transformed tiles, then results.
    let scratchCount: Int
    /// Where the results begin in it.
    let resultOffset: Int

    /// The transformed tiles that one thread has at a time, where weights are few.
    private static let cachedByteCount = 512 << 10
    /// Weights that do not stay in a core's cache are read once for at least so many tiles.
    private static let leastTilesOfLargeWeights = 48
    private static let largeWeights = 2 << 20
    /// Weights that come from memory anew are read by one thread only.
    private static let hugeWeights = 4 << 20

    /// - Parameters:
    ///   - tiles: of the whole batch.
    ///   - inputs: in blocks.
    ///   - weightByteCount: of the transformed weights.
    init(_ tile: WinogradTile, tiles: Int, inputs: Int, outputs: Int, weightByteCount: Int, threads: Int) {
        let block = ConvolutionWeights.block
        let groups = OutputGroup.count(outputs: outputs)
        share = weightByteCount >= Self.hugeWeights && groups >= threads && tiles < 16 * threads ? .outputs : .tiles
        self.threads = max(1, min(threads, share == .tiles ? tiles : groups))
        let ownTiles = share == .tiles ? (tiles + self.threads - 1) / self.threads : tiles
        let bytesOfTile = tile.points * inputs * block * MemoryLayout<Float>.size
        let cached = max(Self.cachedByteCount / bytesOfTile, 8)
        let most = weightByteCount > Self.largeWeights ? max(cached, Self.leastTilesOfLargeWeights) : cached
        let rounds = (ownTiles + most - 1) / most
        tilesAtOnce = (ownTiles + rounds - 1) / rounds
        // A line more than the elements: matrices a power of two apart would share their place in the cache.
        sourceStride = (inputs * tilesAtOnce + 1) * block
        resultStride = (2 * tilesAtOnce + 1) * block
        resultOffset = tile.points * sourceStride
        scratchCount = resultOffset + tile.points * resultStride
    }
}
