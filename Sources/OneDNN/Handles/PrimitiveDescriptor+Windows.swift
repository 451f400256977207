import COneDNN
import NeuralNetworks

/// What oneDNN makes of the elements of a window.
enum PoolingFunction: Sendable {
    case maximum, mean
    /// The mean of a window with what it has of the padding, as zeros.
    case meanWithPadding

    var raw: dnnl_alg_kind_t {
        switch self {
        case .maximum: dnnl_pooling_max
        case .mean: dnnl_pooling_avg_exclude_padding
        case .meanWithPadding: dnnl_pooling_avg_include_padding
        }
    }
}

/// Between which neighbours oneDNN takes an element of a larger image.
enum ResamplingFunction: Sendable {
    case nearest, linear

    var raw: dnnl_alg_kind_t { self == .nearest ? dnnl_resampling_nearest : dnnl_resampling_linear }
}

/// Each is nil where oneDNN has no such operation.
extension PrimitiveDescriptor {
    static func pooling(
        _ function: PoolingFunction, _ geometry: WindowGeometry, from source: MemoryDescriptor,
        to result: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, result) = (source.raw, result.raw)
        var operation = dnnl_pooling_v2_desc_t()
        let status = dnnl_pooling_v2_forward_desc_init(
            &operation, dnnl_forward_inference, function.raw, &source, &result, numbers(geometry.strides),
            numbers(geometry.kernelShape), skipped(geometry.dilations), numbers(geometry.padsBegin),
            numbers(geometry.neededPadsEnd))
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    static func resampling(
        _ function: ResamplingFunction, factors: [Float], from source: MemoryDescriptor, to result: MemoryDescriptor,
        _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, result) = (source.raw, result.raw)
        var operation = dnnl_resampling_desc_t()
        let status = dnnl_resampling_forward_desc_init(
            &operation, dnnl_forward_inference, function.raw, factors, &source, &result)
        guard status == dnnl_success else { return nil }
        return try first(operation, Attributes(), engine)
    }

    /// By the definition, with a bias; the first whose name `isWanted`.
    static func convolution(
        _ problem: ConvolutionProblem, _ type: DataType, _ layouts: ConvolutionProblem.Layouts,
        _ attributes: borrowing Attributes, _ engine: borrowing Processor,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws(EngineError) -> PrimitiveDescriptor? {
        let (from, to): (MemoryDescriptor.Layout, MemoryDescriptor.Layout) =
            switch layouts {
            case .blocks: (.blocks, .blocks)
            case .anyToBlocks: (.any, .blocks)
            case .any: (.any, .any)
            case .channelsLast: (.channelsLast, .channelsLast)
            }
        return try convolution(
            problem, from: MemoryDescriptor(problem.source, type, from), weights: type,
            to: MemoryDescriptor(problem.destination, type, to), attributes, engine, where: isWanted)
    }

    /// - Parameter type: of the weights.
    static func convolution(
        _ problem: ConvolutionProblem, from source: MemoryDescriptor, weights type: DataType,
        to destination: MemoryDescriptor, _ attributes: borrowing Attributes, _ engine: borrowing Processor,
        where isWanted: (String) -> Bool
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var operation = dnnl_convolution_desc_t()
        var (source, destination) = (source.raw, destination.raw)
        var weights = try MemoryDescriptor(problem.weights, type, .any).raw
        var bias = try MemoryDescriptor([problem.destination[1]]).raw
        let initialise =
            problem.isTransposed
            ? dnnl_dilated_deconvolution_forward_desc_init : dnnl_dilated_convolution_forward_desc_init
        let status = initialise(
            &operation, dnnl_forward_inference,
            problem.isTransposed ? dnnl_deconvolution_direct : dnnl_convolution_direct, &source, &weights, &bias,
            &destination, numbers(problem.strides), skipped(problem.dilations), numbers(problem.padsBegin),
            numbers(problem.padsEnd))
        guard status == dnnl_success else { return nil }
        return try first(operation, attributes, engine, where: isWanted)
    }

    static func numbers(_ extents: [Int]) -> [Int64] { extents.map { Int64($0) } }

    /// oneDNN counts the elements that a dilated kernel leaves out.
    static func skipped(_ dilations: [Int]) -> [Int64] { dilations.map { Int64($0 - 1) } }
}
