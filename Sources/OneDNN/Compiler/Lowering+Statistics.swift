import COneDNN
import NeuralNetworks

/// Normalisations by the mean and the variance of the value itself.
extension NetworkBuilder {
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
        var raw = rows.raw
        var description = dnnl_layer_normalization_desc_t()
        let flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
        let status = dnnl_layer_normalization_forward_desc_init(
            &description, dnnl_forward_inference, &raw, nil, operation.epsilon, flags)
        let attributes = try Attributes()
        guard status == dnnl_success,
            let descriptor = try PrimitiveDescriptor.first(description, attributes, engine),
            let read = try read(input, as: MemoryDescriptor(data.dimensions, type))
        else { return false }
        let written = try destination(output, MemoryDescriptor(data.dimensions, type))
        try run(
            descriptor,
            [
                (DNNL_ARG_SRC, Operand(descriptor: rows, location: read.location)),
                (DNNL_ARG_DST, Operand(descriptor: rows, location: written.location)),
                (DNNL_ARG_SCALE, try constant(scale)),
                (DNNL_ARG_SHIFT, try constant(shift.isEmpty ? scale.map { _ in 0 } : shift)),
            ])
        place(output, written)
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
        let blocks = MemoryDescriptor.Layout.channelBlocks(InstructionSet.current.channelBlock)
        if groups == data[1], try own.descriptor == MemoryDescriptor(data.dimensions, type, blocks) {
            return try normalizeInstances(node, own, to: output, operation.epsilon, scale, shift)
        }
        // Groups lie one after the other: each is a row.
        let rows = try MemoryDescriptor(
            [data[0] * groups, data.elementCount / (data[0] * groups)], type)
        var raw = rows.raw
        var description = dnnl_layer_normalization_desc_t()
        let status = dnnl_layer_normalization_forward_desc_init(
            &description, dnnl_forward_inference, &raw, nil, operation.epsilon, 0)
        let attributes = try Attributes()
        let plain = try MemoryDescriptor(data.dimensions, type)
        guard status == dnnl_success,
            let descriptor = try PrimitiveDescriptor.first(description, attributes, engine),
            let read = try read(input, as: plain)
        else { return false }
        let written = try destination(output, plain)
        try run(
            descriptor,
            [
                (DNNL_ARG_SRC, Operand(descriptor: rows, location: read.location)),
                (DNNL_ARG_DST, Operand(descriptor: rows, location: written.location)),
            ])
        let channels = [1, data[1]] + [Int](repeating: 1, count: data.rank - 2)
        // Exporters write a group normalisation as one of instances that scales and shifts by nothing.
        if scale.contains(where: { $0 != 1 }) {
            try combine(written, dnnl_binary_mul, with: constant(scale), extents: channels)
        }
        if shift.contains(where: { $0 != 0 }) {
            try combine(written, dnnl_binary_add, with: constant(shift), extents: channels)
        }
        place(output, written)
        describe(node, descriptor.implementation, operationCount: data.elementCount)
        return true
    }

    /// Instance normalisation in blocks of channels: for each image a batch normalisation by its own statistics.
    private mutating func normalizeInstances(
        _ node: FusionGraph.Node, _ source: Operand, to output: String, _ epsilon: Float, _ scale: [Float],
        _ shift: [Float]
    ) throws(EngineError) -> Bool {
        let layout = source.descriptor
        let images = layout.dimensions[0]
        guard images == 1 || layout.isDensePerImage else { return false }
        var raw = (images == 1 ? layout : try layout.image()).raw
        var description = dnnl_batch_normalization_desc_t()
        let flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
        let status = dnnl_batch_normalization_forward_desc_init(
            &description, dnnl_forward_inference, &raw, epsilon, flags)
        let attributes = try Attributes()
        guard status == dnnl_success,
            let descriptor = try PrimitiveDescriptor.first(description, attributes, engine)
        else { return false }
        let written = try destination(output, layout, imagewise: true)
        let (factors, offsets) = (try constant(scale), try constant(shift))
        try run(
            descriptor,
            [
                (DNNL_ARG_SRC, source), (DNNL_ARG_DST, written), (DNNL_ARG_SCALE, factors),
                (DNNL_ARG_SHIFT, offsets),
            ], repetitions: images)
        place(output, written)
        describe(node, descriptor.implementation, operationCount: layout.dimensions.reduce(1, *))
        return true
    }

    /// Replaces a row-major value by its sum or product with numbers that are broadcast to it.
    private mutating func combine(
        _ value: Operand, _ algorithm: dnnl_alg_kind_t, with numbers: Operand, extents: [Int]
    ) throws(EngineError) {
        let other = Operand(
            descriptor: try MemoryDescriptor(extents), location: numbers.location, isBatch: false)
        var (first, second, result) = (value.descriptor.raw, other.descriptor.raw, value.descriptor.raw)
        var description = dnnl_binary_desc_t()
        try check(dnnl_binary_desc_init(&description, algorithm, &first, &second, &result), "binary_desc_init")
        let attributes = try Attributes()
        guard let descriptor = try PrimitiveDescriptor.first(description, attributes, engine) else {
            throw EngineError(.library, "oneDNN lacks a sum or product with a broadcast value")
        }
        try run(descriptor, [(DNNL_ARG_SRC_0, value), (DNNL_ARG_SRC_1, other), (DNNL_ARG_DST, value)])
    }
}
