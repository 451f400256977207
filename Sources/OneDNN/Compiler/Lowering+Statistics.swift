import NeuralNetworks

/// Normalisations by the mean and the variance of the value itself.
extension Lowering {
    /// Layer normalisation over the last axes.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerLayerNormalization(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? LayerNormalization, let input = node.inputs[0],
            let output = node.outputs[0], let data = graph.shape(input), 1...6 ~= data.rank,
            node.outputs.dropFirst().allSatisfy({ $0 == nil }), let own = try operand(input),
            let scale = graph.floats(node.inputs[1])
        else { return false }
        let first = operation.axis < 0 ? operation.axis + data.rank : operation.axis
        let count = data.dimensions.suffix(from: first).reduce(1, *)
        let shift = node.inputs.count > 2 && node.inputs[2] != nil ? graph.floats(node.inputs[2]) : []
        guard scale.count == count, let shift, shift.isEmpty || shift.count == count else { return false }
        let type = own.descriptor.dataType
        let rows = try MemoryDescriptor([data.elementCount / count, count], type)
        guard
            let descriptor = try PrimitiveDescriptor.layerNormalization(
                epsilon: operation.epsilon, isScaled: true, of: rows, engine),
            let read = try read(input, as: MemoryDescriptor(data.dimensions, type))
        else { return false }
        let written = try memory.destination(output, MemoryDescriptor(data.dimensions, type))
        try run(
            descriptor,
            [
                (.source, Operand(descriptor: rows, location: read.location)),
                (.destination, Operand(descriptor: rows, location: written.location)),
                (.scale, try constant(scale)),
                (.shift, try constant(shift.isEmpty ? scale.map { _ in 0 } : shift)),
            ])
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: data.elementCount)
        return true
    }

    /// Instance and group normalisation.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerGroupNormalization(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? GroupNormalization, let input = node.inputs[0],
            let output = node.outputs[0], let data = graph.shape(input), 3...5 ~= data.rank,
            let own = try operand(input), let scale = graph.floats(node.inputs[1]),
            let shift = graph.floats(node.inputs[2])
        else { return false }
        let type = own.descriptor.dataType
        var groups = data[1]
        if case .groups(let count) = operation.grouping { groups = count }
        if groups == data[1], try own.descriptor == MemoryDescriptor(data.dimensions, type, .blocks) {
            return try normaliseInstances(node, own, to: output, operation.epsilon, scale, shift)
        }
        // Groups lie one after the other: each is a row.
        let rows = try MemoryDescriptor(
            [data[0] * groups, data.elementCount / (data[0] * groups)], type)
        let plain = try MemoryDescriptor(data.dimensions, type)
        guard
            let descriptor = try PrimitiveDescriptor.layerNormalization(
                epsilon: operation.epsilon, isScaled: false, of: rows, engine),
            let read = try read(input, as: plain)
        else { return false }
        let written = try memory.destination(output, plain)
        try run(
            descriptor,
            [
                (.source, Operand(descriptor: rows, location: read.location)),
                (.destination, Operand(descriptor: rows, location: written.location)),
            ])
        let channels = [1, data[1]] + [Int](repeating: 1, count: data.rank - 2)
        // Exporters write a group normalisation as one of instances that scales and shifts by nothing.
        if scale.contains(where: { $0 != 1 }) {
            try combine(written, .multiply, with: constant(scale), extents: channels)
        }
        if shift.contains(where: { $0 != 0 }) {
            try combine(written, .add, with: constant(shift), extents: channels)
        }
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: data.elementCount)
        return true
    }

    /// Instance normalisation in blocks of channels: for each image a batch normalisation by its own statistics.
    private mutating func normaliseInstances(
        _ node: FusionGraph.Node, _ source: Operand, to output: String, _ epsilon: Float, _ scale: [Float],
        _ shift: [Float]
    ) throws(EngineError) -> Bool {
        let layout = source.descriptor
        let images = layout.dimensions[0]
        guard images == 1 || layout.isDensePerImage else { return false }
        let descriptor = try PrimitiveDescriptor.batchNormalization(
            epsilon: epsilon, hasStatistics: false, of: images == 1 ? layout : layout.image(), engine)
        guard let descriptor else { return false }
        let written = try memory.destination(output, layout, imagewise: true)
        let (factors, offsets) = (try constant(scale), try constant(shift))
        try run(
            descriptor,
            [
                (.source, source), (.destination, written), (.scale, factors),
                (.shift, offsets),
            ], repetitions: images)
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: layout.dimensions.reduce(1, *))
        return true
    }

    /// Replaces a row-major value by its sum or product with numbers that are broadcast to it.
    private mutating func combine(
        _ value: Operand, _ function: BinaryFunction, with numbers: Operand, extents: [Int]
    ) throws(EngineError) {
        let other = Operand(
            descriptor: try MemoryDescriptor(extents), location: numbers.location, isBatch: false)
        let attributes = try Attributes()
        guard
            let descriptor = try PrimitiveDescriptor.binary(
                function, value.descriptor, other.descriptor, attributes, engine)
        else {
            throw EngineError(.library, "oneDNN lacks a sum or product with a broadcast value")
        }
        try run(descriptor, [(.source, value), (.secondSource, other), (.destination, value)])
    }
}
