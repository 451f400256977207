import NeuralNetworks

extension Lowering {
    /// Softmax, and the normalisations that were not folded into weights.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerNormalisation(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let shape = graph.shape(output),
            node.outputs.dropFirst().allSatisfy({ $0 == nil }), let source = try operand(input)
        else { return false }
        switch node.operation {
        case let softmax as Softmax:
            let axis = softmax.axis < 0 ? softmax.axis + shape.rank : softmax.axis
            guard softmax.extent == .axis || axis == shape.rank - 1 else { return false }
            // Row-major, as the callers of a network want it: softmax is most often its last layer.
            let layout = try MemoryDescriptor(shape.dimensions)
            let descriptor = try PrimitiveDescriptor.softmax(softmax.kind, axis: axis, of: layout, engine)
            return try normalise(node, input, output, descriptor, layout)
        case let normalisation as LocalResponseNormalization:
            guard normalisation.size % 2 == 1, 3...5 ~= shape.rank else { return false }
            let descriptor = try PrimitiveDescriptor.localResponseNormalization(
                normalisation, of: source.descriptor, engine)
            return try normalise(node, input, output, descriptor, source.descriptor)
        case let normalisation as BatchNormalization:
            guard normalisation.mode == .inference, shape.rank >= 2, let scale = graph.floats(node.inputs[1]),
                let shift = graph.floats(node.inputs[2]), let mean = graph.floats(node.inputs[3]),
                let variance = graph.floats(node.inputs[4])
            else { return false }
            // A part of a join lies apart from image to image.
            let isSplit = source.imageStride != nil && source.descriptor.isDensePerImage
            let descriptor = try PrimitiveDescriptor.batchNormalization(
                epsilon: normalisation.epsilon, hasStatistics: true, hasRelu: node.activation != nil,
                of: isSplit ? source.descriptor.image() : source.descriptor, engine)
            let statistics: [(ArgumentRole, Operand)] = [
                (.mean, try constant(mean)), (.variance, try constant(variance)),
                (.scale, try constant(scale)), (.shift, try constant(shift)),
            ]
            return try normalise(
                node, input, output, descriptor, source.descriptor, statistics, images: isSplit ? shape[0] : 1)
        default: return false
        }
    }

    /// Appends a primitive that reads and writes one layout.
    ///
    /// - Parameter images: how often it runs, each time for the next image.
    private mutating func normalise(
        _ node: FusionGraph.Node, _ input: String, _ output: String, _ descriptor: consuming PrimitiveDescriptor?,
        _ layout: MemoryDescriptor, _ further: [(ArgumentRole, Operand)] = [], images: Int = 1
    ) throws(EngineError) -> Bool {
        guard let descriptor, let read = try read(input, as: layout, imagewise: images > 1) else { return false }
        let written = try memory.destination(output, layout, imagewise: images > 1)
        try run(descriptor, [(.source, read), (.destination, written)] + further, repetitions: images)
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: layout.dimensions.reduce(1, *))
        return true
    }
}
