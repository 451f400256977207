import CWinograd

/// A convolution by Winograd's minimal filtering, over values in blocks of 16 channels.
struct WinogradStep {
    /// A batch in blocks of channels.
    struct Images {
        let location: Location
        let layout: winograd_images
    }

    let tile: WinogradTile
    let plan: WinogradPlan
    let source, destination: Images
    /// In blocks.
    let inputs, outputs: Int
    /// Of the whole batch; `first` and `count` are those of all.
    let tiles: winograd_tiles
    /// What is added before the activation.
    let addend: Images?
    let weights, bias, scratch: Location
    /// The factor of negative results: 1 without an activation, 0 for ReLU.
    let slope: Float
    /// The largest result.
    let upper: Float

    var locations: [Location] {
        [source.location, destination.location, weights, bias, scratch] + (addend.map { [$0.location] } ?? [])
    }

    /// - Parameter address: where a location is in this run.
    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let source = address(self.source.location), let destination = address(self.destination.location),
            let weights = address(weights)?.assumingMemoryBound(to: Float.self),
            let bias = address(bias)?.assumingMemoryBound(to: Float.self),
            let scratch = address(scratch)?.assumingMemoryBound(to: Float.self)
        else { return }
        let ending = winograd_ending(
            bias: bias, addend: addend.flatMap { UnsafeRawPointer(address($0.location)) },
            addend_stride: addend?.layout.image_stride ?? 0, slope: slope, upper: upper)
        Threads.perform(plan.threads) { thread, threads in
            let transformed = scratch + thread * plan.scratchCount
            let result = transformed + plan.resultOffset
            func part(of count: Int) -> Range<Int> { count * thread / threads..<count * (thread + 1) / threads }
            let ownTiles = plan.share == .tiles ? part(of: tiles.count) : 0..<tiles.count
            let ownGroups = plan.share == .outputs ? part(of: groups) : 0..<groups
            for first in stride(from: ownTiles.lowerBound, to: ownTiles.upperBound, by: plan.tilesAtOnce) {
                var tiles = tiles
                tiles.first = first
                tiles.count = min(plan.tilesAtOnce, ownTiles.upperBound - first)
                winograd_transform_source(
                    tile.raw, source, self.source.layout, inputs, tiles, transformed, plan.sourceStride)
                for group in ownGroups {
                    let output = 2 * group
                    let lanes = min(2, outputs - output) * WinogradWeights.block
                    winograd_multiply(
                        tile.raw, transformed, plan.sourceStride, inputs, tiles.count,
                        weights + WinogradWeights.offset(tile, inputs: inputs, output: output), lanes, result,
                        plan.resultStride)
                    winograd_transform_result(
                        tile.raw, result, plan.resultStride, lanes, tiles, ending, destination,
                        self.destination.layout, output)
                }
            }
        }
    }

    /// Groups of output channels that are multiplied at once.
    private var groups: Int { (outputs + 1) / 2 }
}
