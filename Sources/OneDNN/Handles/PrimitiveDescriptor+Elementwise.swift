import COneDNN
import NeuralNetworks

/// A function of two elements that oneDNN computes.
enum BinaryFunction: Sendable {
    case add, subtract, multiply, divide, maximum, minimum

    var commutes: Bool { self != .subtract && self != .divide }

    fileprivate var raw: dnnl_alg_kind_t {
        switch self {
        case .add: dnnl_binary_add
        case .subtract: dnnl_binary_sub
        case .multiply: dnnl_binary_mul
        case .divide: dnnl_binary_div
        case .maximum: dnnl_binary_max
        case .minimum: dnnl_binary_min
        }
    }
}

/// What oneDNN brings the elements along an axis together to.
enum ReductionFunction: Sendable {
    case sum, mean, maximum, minimum, product

    fileprivate var raw: dnnl_alg_kind_t {
        switch self {
        case .sum: dnnl_reduction_sum
        case .mean: dnnl_reduction_mean
        case .maximum: dnnl_reduction_max
        case .minimum: dnnl_reduction_min
        case .product: dnnl_reduction_mul
        }
    }
}

/// Each is nil where oneDNN has no such operation.
extension PrimitiveDescriptor {
    static func activation(
        _ activation: Activation, of layout: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var layout = layout.raw
        var operation = dnnl_eltwise_desc_t()
        let status = dnnl_eltwise_forward_desc_init(
            &operation, dnnl_forward_inference, activation.function.raw, &layout, activation.alpha, activation.beta)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    /// - Parameter second: may be broadcast to `first`, in whose layout the result lies.
    static func binary(
        _ function: BinaryFunction, _ first: MemoryDescriptor, _ second: MemoryDescriptor,
        _ attributes: borrowing Attributes, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (left, right, result) = (first.raw, second.raw, first.raw)
        var operation = dnnl_binary_desc_t()
        let status = dnnl_binary_desc_init(&operation, function.raw, &left, &right, &result)
        guard status == dnnl_success else { return nil }
        return try PrimitiveDescriptor.first(operation, attributes, engine)
    }

    /// A leaky ReLU whose slopes are weights.
    static func parametricRelu(
        _ source: MemoryDescriptor, _ weights: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, weights) = (source.raw, weights.raw)
        var operation = dnnl_prelu_desc_t()
        let status = dnnl_prelu_forward_desc_init(&operation, dnnl_forward_inference, &source, &weights)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    static func reduction(
        _ function: ReductionFunction, from source: MemoryDescriptor, to result: MemoryDescriptor,
        _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, result) = (source.raw, result.raw)
        var operation = dnnl_reduction_desc_t()
        let status = dnnl_reduction_desc_init(&operation, function.raw, &source, &result, 0, 0)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }
}
