import COneDNN
import NeuralNetworks

extension NetworkBuilder {
    /// Softmax, and the normalisations that were not folded into weights.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerNormalization(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let shape = graph.shape(output),
            node.outputs.dropFirst().allSatisfy({ $0 == nil }), let source = try operand(input)
        else { return false }
        switch node.operation {
        case let softmax as Softmax:
            let axis = softmax.axis < 0 ? softmax.axis + shape.rank : softmax.axis
            guard softmax.extent == .axis || axis == shape.rank - 1 else { return false }
            // Row-major, as the callers of a network want it: softmax is most often its last layer.
            let layout = try MemoryDescriptor(shape.dimensions)
            var raw = layout.raw
            var operation = dnnl_softmax_v2_desc_t()
            let algorithm = softmax.kind == .probabilities ? dnnl_softmax_accurate : dnnl_softmax_log
            let status = dnnl_softmax_v2_forward_desc_init(
                &operation, dnnl_forward_inference, algorithm, &raw, &raw, Int32(axis))
            guard status == dnnl_success else { return false }
            return try normalize(node, input, output, operation, layout)
        case let normalization as LocalResponseNormalization:
            guard normalization.size % 2 == 1, 3...5 ~= shape.rank else { return false }
            var raw = source.descriptor.raw
            var operation = dnnl_lrn_desc_t()
            let status = dnnl_lrn_forward_desc_init(
                &operation, dnnl_forward_inference, dnnl_lrn_across_channels, &raw, Int64(normalization.size),
                normalization.alpha, normalization.beta, normalization.bias)
            guard status == dnnl_success else { return false }
            return try normalize(node, input, output, operation, source.descriptor)
        case let normalization as BatchNormalization:
            guard normalization.mode == .inference, shape.rank >= 2, let scale = graph.floats(node.inputs[1]),
                let shift = graph.floats(node.inputs[2]), let mean = graph.floats(node.inputs[3]),
                let variance = graph.floats(node.inputs[4])
            else { return false }
            var raw = source.descriptor.raw
            var operation = dnnl_batch_normalization_desc_t()
            let flags = dnnl_use_global_stats.rawValue | dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
            let status = dnnl_batch_normalization_forward_desc_init(
                &operation, dnnl_forward_inference, &raw, normalization.epsilon, flags)
            guard status == dnnl_success else { return false }
            let statistics = [
                (DNNL_ARG_MEAN, try constant(mean)), (DNNL_ARG_VARIANCE, try constant(variance)),
                (DNNL_ARG_SCALE, try constant(scale)), (DNNL_ARG_SHIFT, try constant(shift)),
            ]
            return try normalize(node, input, output, operation, source.descriptor, statistics)
        default: return false
        }
    }

    /// Appends a primitive that reads and writes one layout.
    private mutating func normalize<Operation>(
        _ node: FusionGraph.Node, _ input: String, _ output: String, _ operation: Operation,
        _ layout: MemoryDescriptor, _ further: [(Int32, Operand)] = []
    ) throws(EngineError) -> Bool {
        let attributes = try Attributes()
        guard let descriptor = try PrimitiveDescriptor.first(operation, attributes, engine),
            let read = try read(input, as: layout)
        else { return false }
        let written = try destination(output, layout)
        try run(descriptor, [(DNNL_ARG_SRC, read), (DNNL_ARG_DST, written)] + further)
        place(output, written)
        describe(node, descriptor.implementation, operationCount: layout.dimensions.reduce(1, *))
        return true
    }
}
