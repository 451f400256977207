import CWinograd
import NeuralNetworks

extension NetworkBuilder {
    /// - Returns: false where the rule prefers a direct convolution.
    mutating func lowerWinograd(
        _ node: FusionGraph.Node, _ problem: ConvolutionProblem, _ filters: [Float], bias: [Float]?
    ) throws(EngineError) -> Bool {
        guard precision != .float32Exact, let tile = WinogradRule.tile(for: problem, dataType),
            let input = node.inputs[0], let output = node.outputs[0]
        else { return false }
        let blocks = MemoryDescriptor.Layout.channelBlocks(.sixteen)
        guard let source = try read(input, as: MemoryDescriptor(problem.source, dataType, blocks), imagewise: true)
        else { return false }
        let layout = try MemoryDescriptor(problem.destination, dataType, blocks)
        var addend: Operand?
        if let residual = node.residual {
            addend = try read(residual, as: layout, imagewise: true)
            if addend == nil { return false }
        }
        let written =
            if let addend, try isFree(addend, from: source, for: output) {
                addend
            } else {
                try destination(output, layout, imagewise: true)
            }

        let weights = WinogradWeights(
            tile, filters, inputChannels: problem.source[1], outputChannels: problem.destination[1])
        let offsets = bias ?? [Float](repeating: 0, count: problem.destination[1])
        let padding = [Float](repeating: 0, count: weights.outputs * WinogradWeights.block - offsets.count)
        let tiles = winograd_tiles(problem, tile)
        let plan = WinogradPlan(
            tile, tiles: tiles.count, inputs: weights.inputs, outputs: weights.outputs,
            weightByteCount: weights.byteCount, threads: threads)
        let activation = node.activation
        let ending = activation.flatMap { $0.ending }
        let step = WinogradStep(
            tile: tile, plan: plan, source: source.images, destination: written.images, inputs: weights.inputs,
            outputs: weights.outputs, tiles: tiles, addend: addend?.images,
            weights: .constant(
                try constants.store(byteCount: weights.byteCount, engine) { weights.write(to: $0) }),
            bias: try constant(offsets + padding).location,
            scratch: makeBuffer(byteCount: plan.threads * plan.scratchCount * MemoryLayout<Float>.size),
            slope: ending?.slope ?? 1, upper: ending?.upper ?? .infinity)
        steps.append(.winograd(step))
        place(output, written)
        if let activation, ending == nil { try apply(activation, to: written) }
        describe(
            node, "winograd \(tile.outputs)x\(tile.outputs) of \(tile.kernel)x\(tile.kernel)",
            operationCount: problem.operationCount)
        return true
    }

    /// Whether the sum may be written over the addend, because nobody else needs that.
    private func isFree(
        _ addend: Operand, from source: Operand, for output: String
    ) throws(EngineError) -> Bool {
        isSpent(addend.location) && addend.location.buffer != source.location.buffer
            && concatenations.slice(of: output) == nil && !graph.outputs.contains(output)
    }
}

extension Operand {
    /// A batch in blocks of channels, as the kernels take it.
    fileprivate var images: WinogradStep.Images {
        let extents = descriptor.dimensions
        let (type, stride) = (descriptor.dataType, imageStride ?? descriptor.byteCount / extents[0])
        return WinogradStep.Images(
            location: location,
            layout: winograd_images(
                is_bfloat16: type == .bfloat16, height: extents[2], width: extents[3],
                image_stride: stride / type.byteCount))
    }
}

extension winograd_tiles {
    /// All tiles of a convolution.
    fileprivate init(_ problem: ConvolutionProblem, _ tile: WinogradTile) {
        let (height, width) = (problem.destination[2], problem.destination[3])
        let across = (width + tile.outputs - 1) / tile.outputs
        let perImage = across * ((height + tile.outputs - 1) / tile.outputs)
        self.init(
            across: across, per_image: perImage, pad_top: problem.padsBegin[0], pad_left: problem.padsBegin[1],
            first: 0, count: perImage * problem.destination[0])
    }
}

extension Activation {
    /// As what follows a convolution in the same pass; nil where it takes a pass of its own.
    fileprivate var ending: (slope: Float, upper: Float)? {
        switch function {
        case .relu: (alpha, .infinity)
        case .clip where alpha == 0 && beta >= 0: (0, beta)
        default: nil
        }
    }
}
