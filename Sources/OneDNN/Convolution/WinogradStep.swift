import CConvolution

/// A convolution by Winograd's minimal filtering.
struct WinogradStep: KernelStep {
    let tile: WinogradTile
    let plan: WinogradPlan
    let operands: ConvolutionOperands
    let weightsType: DataType
    /// Of the whole batch; `first` and `count` are those of all.
    let tiles: winograd_tiles
    let scratch: Location

    var locations: [Location] { operands.locations + [scratch] }

    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let at = ConvolutionAddresses(operands, address),
            let scratch = address(scratch)?.assumingMemoryBound(to: Float.self)
        else { return }
        let (inputs, outputs) = (operands.inputs, operands.outputs)
        Threads.perform(plan.threads) { thread, threads in
            let transformed = scratch + thread * plan.scratchCount
            let result = transformed + plan.resultOffset
            let ownTiles = plan.share.tiles(tiles.count, thread, of: threads)
            let ownGroups = plan.share.groups(OutputGroup.count(outputs: outputs), thread, of: threads)
            for first in stride(from: ownTiles.lowerBound, to: ownTiles.upperBound, by: plan.tilesAtOnce) {
                var tiles = tiles
                tiles.first = first
                tiles.count = min(plan.tilesAtOnce, ownTiles.upperBound - first)
                winograd_transform_source(
                    tile.raw, at.source, operands.source.layout, inputs, tiles, transformed,
                    tiles.count * ConvolutionWeights.block, plan.sourceStride)
                for index in ownGroups {
                    let group = OutputGroup(index, points: tile.points, inputs: inputs, outputs: outputs)
                    let weights = convolution_weights(
                        elements: at.weights + group.weightsOffset * weightsType.byteCount,
                        are_bfloat16: weightsType == .bfloat16, channels: group.channels)
                    winograd_multiply(
                        tile.points, transformed, plan.sourceStride, inputs, tiles.count * ConvolutionWeights.block,
                        tiles.count, weights, result, plan.resultStride)
                    winograd_transform_result(
                        tile.raw, result, plan.resultStride, group.channels, tiles, at.ending, at.destination,
                        operands.destination.layout, group.block)
                }
            }
        }
    }
}
