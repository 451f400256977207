import CConvolution
import NeuralNetworks

extension Lowering {
    /// - Returns: false where the rule prefers a direct convolution.
    mutating func lowerWinograd(
        _ node: FusionGraph.Node, _ problem: ConvolutionProblem, _ filters: [Float], bias: [Float]?
    ) throws(EngineError) -> Bool {
        guard precision != .float32Exact, let tile = WinogradRule.tile(for: problem, dataType) else { return false }
        // Larger tiles magnify the rounding of their weights.
        let weights = ConvolutionWeights(
            filters, inputChannels: problem.source[1], outputChannels: problem.destination[1], for: tile,
            tile.side > 6 ? .float32 : dataType)
        let tiles = winograd_tiles(problem, tile)
        let plan = WinogradPlan(
            tile, tiles: tiles.count, inputs: weights.inputs, outputs: weights.outputs,
            weightByteCount: weights.byteCount, threads: threads)
        let name = "winograd \(tile.outputs)x\(tile.outputs) of \(tile.kernel)x\(tile.kernel)"
        return try lower(node, problem, weights, bias: bias, as: name) { operands, scratch in
            WinogradStep(
                tile: tile, plan: plan, operands: operands, weightsType: weights.type, tiles: tiles,
                scratch: scratch(plan.threads * plan.scratchCount * MemoryLayout<Float>.size))
        }
    }
}

extension winograd_tiles {
    /// All tiles of a convolution.
    init(_ problem: ConvolutionProblem, _ tile: WinogradTile) {
        let (height, width) = (problem.destination[2], problem.destination[3])
        let across = (width + tile.outputs - 1) / tile.outputs
        let perImage = across * ((height + tile.outputs - 1) / tile.outputs)
        self.init(
            across: across, per_image: perImage, pad_top: problem.padsBegin[0], pad_left: problem.padsBegin[1],
            first: 0, count: perImage * problem.destination[0])
    }
}
