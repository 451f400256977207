import COneDNN
import NeuralNetworks

/// The two sides of what learns. Forward descriptors here are those for training; each backward one is made for the forward one
/// `forward`, and lies as that does. Each is nil where oneDNN has no such operation.
extension PrimitiveDescriptor {
    /// What is learned of a layer with weights.
    enum LearnedSide {
        /// The gradient with regard to the source.
        case source
        /// That with regard to weights and bias.
        case weights
    }

    /// - Parameter type: of the weights, or of their gradient.
    static func convolutionBackward(
        _ side: LearnedSide, _ problem: ConvolutionProblem, source: MemoryDescriptor, weights type: DataType = .float32,
        destination: MemoryDescriptor, after forward: borrowing PrimitiveDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, destination) = (source.raw, destination.raw)
        var weights = try MemoryDescriptor(problem.weights, type, .any).raw
        var bias = try MemoryDescriptor([problem.destination[1]]).raw
        var operation = dnnl_convolution_desc_t()
        let (strides, dilations) = (numbers(problem.strides), skipped(problem.dilations))
        let (begin, end) = (numbers(problem.padsBegin), numbers(problem.padsEnd))
        let isTransposed = problem.isTransposed
        let algorithm = isTransposed ? dnnl_deconvolution_direct : dnnl_convolution_direct
        let status: dnnl_status_t
        switch side {
        case .source:
            let initialise =
                isTransposed
                ? dnnl_dilated_deconvolution_backward_data_desc_init
                : dnnl_dilated_convolution_backward_data_desc_init
            status = initialise(
                &operation, algorithm, &source, &weights, &destination, strides, dilations, begin, end)
        case .weights:
            let initialise =
                isTransposed
                ? dnnl_dilated_deconvolution_backward_weights_desc_init
                : dnnl_dilated_convolution_backward_weights_desc_init
            status = initialise(
                &operation, algorithm, &source, &weights, &bias, &destination, strides, dilations, begin, end)
        }
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine, after: forward.handle)
    }

    /// - Parameter bias: whether there is one.
    static func innerProductBackward(
        _ side: LearnedSide, source: MemoryDescriptor, weights: MemoryDescriptor, destination: MemoryDescriptor,
        after forward: borrowing PrimitiveDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, weights, destination) = (source.raw, weights.raw, destination.raw)
        var bias = try MemoryDescriptor([Int(destination.dims.1)]).raw
        var operation = dnnl_inner_product_desc_t()
        let status =
            switch side {
            case .source: dnnl_inner_product_backward_data_desc_init(&operation, &source, &weights, &destination)
            case .weights:
                dnnl_inner_product_backward_weights_desc_init(&operation, &source, &weights, &bias, &destination)
            }
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine, after: forward.handle)
    }

    /// - Parameter isForward: which side.
    static func learnedActivation(
        _ activation: LearnedActivation, of layout: MemoryDescriptor, after forward: dnnl_primitive_desc_t? = nil,
        _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var layout = layout.raw
        var operation = dnnl_eltwise_desc_t()
        let status =
            if forward == nil {
                dnnl_eltwise_forward_desc_init(
                    &operation, dnnl_forward_training, activation.raw, &layout, activation.alpha, activation.beta)
            } else {
                dnnl_eltwise_backward_desc_init(
                    &operation, activation.raw, &layout, &layout, activation.alpha, activation.beta)
            }
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine, after: forward)
    }

    static func learnedPooling(
        _ function: PoolingFunction, _ geometry: WindowGeometry, source: MemoryDescriptor,
        destination: MemoryDescriptor,
        after forward: dnnl_primitive_desc_t? = nil, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, destination) = (source.raw, destination.raw)
        var operation = dnnl_pooling_v2_desc_t()
        let (strides, kernel) = (numbers(geometry.strides), numbers(geometry.kernelShape))
        let dilations = skipped(geometry.dilations)
        let (begin, end) = (numbers(geometry.padsBegin), numbers(geometry.neededPadsEnd))
        let status =
            if forward == nil {
                dnnl_pooling_v2_forward_desc_init(
                    &operation, dnnl_forward_training, function.raw, &source, &destination, strides, kernel, dilations,
                    begin, end)
            } else {
                dnnl_pooling_v2_backward_desc_init(
                    &operation, function.raw, &source, &destination, strides, kernel, dilations, begin, end)
            }
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine, after: forward)
    }

    static func learnedResampling(
        _ function: ResamplingFunction, factors: [Float], source: MemoryDescriptor, destination: MemoryDescriptor,
        after forward: dnnl_primitive_desc_t? = nil, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, destination) = (source.raw, destination.raw)
        var operation = dnnl_resampling_desc_t()
        let status =
            if forward == nil {
                dnnl_resampling_forward_desc_init(
                    &operation, dnnl_forward_training, function.raw, factors, &source, &destination)
            } else {
                dnnl_resampling_backward_desc_init(&operation, function.raw, factors, &source, &destination)
            }
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine, after: forward)
    }

    var sourceGradient: MemoryDescriptor { descriptor(dnnl_query_diff_src_md) }
    var weightsGradient: MemoryDescriptor { descriptor(dnnl_query_diff_weights_md) }
    var destinationGradient: MemoryDescriptor { descriptor(dnnl_query_diff_dst_md) }
    var workspace: MemoryDescriptor { descriptor(dnnl_query_workspace_md) }
}

/// An activation on its way back.
struct LearnedActivation: Sendable {
    let activation: Activation
    /// Whether its slope follows from what it gave, so that what it took need not be kept.
    let readsOutput: Bool
    fileprivate let raw: dnnl_alg_kind_t
    fileprivate var alpha: Float { activation.alpha }
    fileprivate var beta: Float { activation.beta }

    /// Nil for one that has no slope in oneDNN.
    init?(_ activation: Activation) {
        let byOutput: dnnl_alg_kind_t? =
            switch activation.function {
            case .relu where activation.alpha >= 0: dnnl_eltwise_relu_use_dst_for_bwd
            case .elu where activation.alpha >= 0: dnnl_eltwise_elu_use_dst_for_bwd
            case .tanh: dnnl_eltwise_tanh_use_dst_for_bwd
            case .sqrt: dnnl_eltwise_sqrt_use_dst_for_bwd
            case .logistic: dnnl_eltwise_logistic_use_dst_for_bwd
            case .exp: dnnl_eltwise_exp_use_dst_for_bwd
            case .clip: dnnl_eltwise_clip_v2_use_dst_for_bwd
            default: nil
            }
        if activation.function == .round { return nil }
        self.activation = activation
        readsOutput = byOutput != nil
        raw = byOutput ?? activation.function.raw
    }
}
