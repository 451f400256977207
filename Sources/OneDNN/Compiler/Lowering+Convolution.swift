import NeuralNetworks

extension Lowering {
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerConvolution(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let problem = problem(node), let input = node.inputs[0], let output = node.outputs[0],
            let source = try operand(input), let filters = graph.floats(node.inputs[1])
        else { return false }
        let bias = node.inputs.count > 2 ? graph.floats(node.inputs[2]) : nil
        guard node.inputs.count < 3 || node.inputs[2] == nil || bias != nil else { return false }

        if try lowerWinograd(node, problem, filters, bias: bias) { return true }
        if try lowerDirect(node, problem, filters, bias: bias) { return true }
        let attributes = try Attributes(node.postOperations())
        let (slice, type) = (try memory.slice(for: output), dataType)
        let isChannelsLast = try source.descriptor == MemoryDescriptor(problem.source, type, .channelsLast)
        let candidate = try candidate(from: source, slice: slice) { (images, engine) throws(EngineError) in
            try direct(
                images == problem.source[0] ? problem : problem.image(), type, isChannelsLast: isChannelsLast,
                attributes,
                engine)
        }
        guard let candidate,
            let read = try read(input, as: candidate.source, imagewise: candidate.isImagewise)
        else { return false }

        let plain = try MemoryDescriptor(problem.weights, .float32, .strides(problem.weightsStrides))
        let weights = try constant(filters, plain, as: candidate.descriptor.weights)
        let offsets = try constant(bias ?? [Float](repeating: 0, count: problem.destination[1]))
        let written = try sumDestination(
            node, output, candidate.destination, imagewise: candidate.isImagewise, reading: read)
        try run(
            candidate.descriptor,
            [(.source, read), (.weights, weights), (.bias, offsets), (.destination, written)],
            repetitions: candidate.repetitions)
        memory.place(output, written)
        describe(node, candidate.descriptor.implementation, operationCount: problem.operationCount)
        return true
    }

    /// The convolution of a node; nil where its weights are computed, or oneDNN has no layouts for its rank.
    func problem(_ node: FusionGraph.Node) -> ConvolutionProblem? {
        guard let data = graph.shape(node.inputs[0]), let filters = graph.shape(node.inputs[1]),
            let output = graph.shape(node.outputs[0]), 3...5 ~= data.rank, output.elementCount > 0,
            data.elementCount > 0
        else { return nil }
        switch node.operation {
        case let operation as Convolution:
            return try? ConvolutionProblem(operation, data: data, filters: filters, output: output)
        case let operation as ConvolutionTranspose:
            return try? ConvolutionProblem(operation, data: data, filters: filters, output: output)
        default: return nil
        }
    }

    /// Where a node writes that adds to what lies there: over its residual, or where that has been copied to.
    mutating func sumDestination(
        _ node: FusionGraph.Node, _ output: String, _ layout: MemoryDescriptor, imagewise: Bool, reading source: Operand
    ) throws(EngineError) -> Operand {
        let addend: Operand? = if let residual = node.residual { try operand(residual) } else { nil }
        let written = try memory.destination(output, layout, imagewise: imagewise, over: addend, reading: source)
        if let addend, written.location != addend.location { try reorder(addend, to: written) }
        return written
    }
}

/// oneDNN's implementation by the definition, with the best layouts that are no plain loops.
private func direct(
    _ problem: ConvolutionProblem, _ type: DataType, isChannelsLast: Bool, _ attributes: borrowing Attributes,
    _ engine: borrowing Processor
) throws(EngineError) -> PrimitiveDescriptor? {
    for layouts in (isChannelsLast && problem.isDepthwise ? [.channelsLast] : []) + problem.layouts {
        let found = try PrimitiveDescriptor.convolution(problem, type, layouts, attributes, engine) {
            layouts == .any || !$0.hasPrefix("ref")
        }
        if let found { return found }
    }
    return nil
}

extension FusionGraph.Node {
    func postOperations() -> [PostOperation] {
        var list: [PostOperation] = residual == nil ? [] : [.sum]
        if let activation { list.append(.activation(activation)) }
        return list
    }
}
