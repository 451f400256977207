import NeuralNetworks

/// Activations that take more than one elementwise primitive, or another one.
extension Lowering {
    /// `min(max(slope * x + offset, 0), 1)`, as a line that is then clipped in place.
    mutating func lowerClippedLine(
        _ node: FusionGraph.Node, slope: Float, offset: Float
    ) throws(EngineError) -> Bool {
        let line = Activation(function: .linear, alpha: slope, beta: offset)
        guard let output = node.outputs[0], try lowerActivation(node, line), let result = try operand(output) else {
            return false
        }
        try apply(Activation(function: .clip, alpha: 0, beta: 1), to: result)
        return true
    }

    /// A leaky ReLU with a constant slope for each channel.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerParametricRelu(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard node.operation is ParametricRelu, let input = node.inputs[0], let output = node.outputs[0],
            let data = graph.shape(input), 3...5 ~= data.rank, let own = try operand(input),
            let slope = graph.shape(node.inputs[1]), let slopes = graph.floats(node.inputs[1]),
            slopes.count == data[1], slope.rank == data.rank - 1 || slope.rank == data.rank || slope.rank == 1,
            slope.rank == 1 || slope.dimensions.suffix(data.rank - 1).first == data[1]
        else { return false }
        if slope.rank == 1, (node.operation as? ParametricRelu)?.slopeAlignment == .lastAxes { return false }
        let extents = [1, data[1]] + [Int](repeating: 1, count: data.rank - 2)
        guard
            let descriptor = try PrimitiveDescriptor.parametricRelu(
                own.descriptor, MemoryDescriptor(extents, .float32, .any), engine),
            let read = try read(input, as: own.descriptor)
        else { return false }
        let stored = try constant(slopes, MemoryDescriptor(extents), as: descriptor.weights)
        let written = try memory.destination(output, own.descriptor)
        try run(descriptor, [(.source, read), (.weights, stored), (.destination, written)])
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: data.elementCount)
        return true
    }
}

extension UnaryElementwise {
    /// The line that a hard sigmoid follows between 0 and 1.
    var clippedLine: (slope: Float, offset: Float)? {
        if case .hardSigmoid(let alpha, let beta) = function { (alpha, beta) } else { nil }
    }
}
