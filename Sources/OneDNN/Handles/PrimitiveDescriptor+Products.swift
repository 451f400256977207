import COneDNN
import NeuralNetworks

/// Each is nil where oneDNN has no such operation.
extension PrimitiveDescriptor {
    /// A product of rows with constant weights, plus a bias for each column.
    static func innerProduct(
        _ source: MemoryDescriptor, _ weights: MemoryDescriptor, bias: MemoryDescriptor, to result: MemoryDescriptor,
        _ attributes: borrowing Attributes, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (source, weights, bias, result) = (source.raw, weights.raw, bias.raw, result.raw)
        var operation = dnnl_inner_product_desc_t()
        let status = dnnl_inner_product_forward_desc_init(
            &operation, dnnl_forward_inference, &source, &weights, &bias, &result)
        guard status == dnnl_success else { return nil }
        return try first(operation, attributes, engine)
    }

    static func matrixProduct(
        _ left: MemoryDescriptor, _ right: MemoryDescriptor, bias: MemoryDescriptor? = nil,
        to result: MemoryDescriptor, _ attributes: borrowing Attributes, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var (left, right, result) = (left.raw, right.raw, result.raw)
        var operation = dnnl_matmul_desc_t()
        let status =
            if var bias = bias?.raw {
                dnnl_matmul_desc_init(&operation, &left, &right, &bias, &result)
            } else {
                dnnl_matmul_desc_init(&operation, &left, &right, nil, &result)
            }
        guard status == dnnl_success else { return nil }
        return try first(operation, attributes, engine)
    }
}
