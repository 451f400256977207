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

    /// Instance and group normalisation: a batch normalisation of each image by its own statistics, whose channels
    /// are the groups.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerGroupNormalization(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? GroupNormalization, let input = node.inputs[0],
            let output = node.outputs[0], let data = graph.shape(input), 3...5 ~= data.rank,
            let own = try operand(input), let scale = graph.floats(node.inputs[1]),
            let shift = graph.floats(node.inputs[2])
        else { return false }
        let images = data[0]
        guard case .groups(let groups) = operation.grouping, groups < data[1] else {
            let layout = own.descriptor
            guard images == 1 || layout.isDensePerImage,
                let descriptor = try imageNormalization(images == 1 ? layout : layout.image(), operation.epsilon, true)
            else { return false }
            let written = try destination(output, layout, imagewise: true)
            let parameters = [
                (DNNL_ARG_SCALE, try constant(scale)), (DNNL_ARG_SHIFT, try constant(shift)),
            ]
            try run(descriptor, [(DNNL_ARG_SRC, own), (DNNL_ARG_DST, written)] + parameters, repetitions: images)
            place(output, written)
            describe(node, descriptor.implementation, operationCount: data.elementCount)
            return true
        }
        let type = own.descriptor.dataType
        let plain = try MemoryDescriptor(data.dimensions, type)
        let grouped = try MemoryDescriptor([images, groups, data.elementCount / (images * groups)], type)
        guard
            let descriptor = try imageNormalization(images == 1 ? grouped : grouped.image(), operation.epsilon, false),
            let read = try read(input, as: plain)
        else { return false }
        let written = try destination(output, plain)
        try run(
            descriptor,
            [
                (DNNL_ARG_SRC, Operand(descriptor: grouped, location: read.location)),
                (DNNL_ARG_DST, Operand(descriptor: grouped, location: written.location)),
            ], repetitions: images)
        for (algorithm, numbers) in [(dnnl_binary_mul, scale), (dnnl_binary_add, shift)] {
            let channels = [1, data[1]] + [Int](repeating: 1, count: data.rank - 2)
            try combine(written, algorithm, with: constant(numbers), extents: channels)
        }
        place(output, written)
        describe(node, descriptor.implementation, operationCount: data.elementCount)
        return true
    }

    /// A normalisation of one image by the means and variances of its channels.
    private func imageNormalization(
        _ image: MemoryDescriptor, _ epsilon: Float, _ isScaled: Bool
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var raw = image.raw
        var description = dnnl_batch_normalization_desc_t()
        let flags = isScaled ? dnnl_use_scale.rawValue | dnnl_use_shift.rawValue : 0
        let status = dnnl_batch_normalization_forward_desc_init(
            &description, dnnl_forward_inference, &raw, epsilon, flags)
        let attributes = try Attributes()
        return status == dnnl_success ? try PrimitiveDescriptor.first(description, attributes, engine) : nil
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
