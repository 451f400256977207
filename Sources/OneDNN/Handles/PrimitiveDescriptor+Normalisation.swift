import COneDNN
import NeuralNetworks

/// Each reads and writes one layout, and is nil where oneDNN has no such operation.
extension PrimitiveDescriptor {
    static func softmax(
        _ kind: Softmax.Kind, axis: Int, of layout: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var layout = layout.raw
        var operation = dnnl_softmax_v2_desc_t()
        let algorithm = kind == .probabilities ? dnnl_softmax_accurate : dnnl_softmax_log
        let status = dnnl_softmax_v2_forward_desc_init(
            &operation, dnnl_forward_inference, algorithm, &layout, &layout, Int32(axis))
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    static func localResponseNormalization(
        _ normalisation: LocalResponseNormalization, of layout: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var layout = layout.raw
        var operation = dnnl_lrn_desc_t()
        let status = dnnl_lrn_forward_desc_init(
            &operation, dnnl_forward_inference, dnnl_lrn_across_channels, &layout, Int64(normalisation.size),
            normalisation.alpha, normalisation.beta, normalisation.bias)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    /// With a scale and a shift for each channel.
    ///
    /// - Parameters:
    ///   - hasStatistics: whether mean and variance are given, and not computed.
    ///   - hasRelu: whether a ReLU follows.
    static func batchNormalization(
        epsilon: Float, hasStatistics: Bool, hasRelu: Bool = false, of layout: MemoryDescriptor,
        _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var layout = layout.raw
        var operation = dnnl_batch_normalization_desc_t()
        var flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
        if hasStatistics { flags |= dnnl_use_global_stats.rawValue }
        if hasRelu { flags |= dnnl_fuse_norm_relu.rawValue }
        let status = dnnl_batch_normalization_forward_desc_init(
            &operation, dnnl_forward_inference, &layout, epsilon, flags)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    /// Along the last axis.
    ///
    /// - Parameter isScaled: whether a scale and a shift follow, for each element of the axis.
    static func layerNormalization(
        epsilon: Float, isScaled: Bool, of layout: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var layout = layout.raw
        var operation = dnnl_layer_normalization_desc_t()
        let flags = isScaled ? dnnl_use_scale.rawValue | dnnl_use_shift.rawValue : 0
        let status = dnnl_layer_normalization_forward_desc_init(
            &operation, dnnl_forward_inference, &layout, nil, epsilon, flags)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }
}
