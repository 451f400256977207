import COneDNN
import NeuralNetworks

extension NetworkBuilder {
    /// A product of two computed values, `[..., M, K] * [..., K, N]`, as attention has it.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerMatrixProduct(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard node.operation is MatrixMultiplication, let left = graph.shape(node.inputs[0]),
            let right = graph.shape(node.inputs[1]), left.rank == right.rank, 2...6 ~= left.rank,
            left.elementCount > 0, right.elementCount > 0, let output = node.outputs[0],
            let shape = graph.shape(output), let first = node.inputs[0], let second = node.inputs[1]
        else { return false }
        var source = try MemoryDescriptor(left.dimensions, dataType).raw
        var weights = try MemoryDescriptor(right.dimensions, dataType).raw
        let layout = try MemoryDescriptor(shape.dimensions, dataType)
        var result = layout.raw
        var operation = dnnl_matmul_desc_t()
        guard dnnl_matmul_desc_init(&operation, &source, &weights, nil, &result) == dnnl_success else { return false }
        let attributes = try Attributes()
        guard let descriptor = try PrimitiveDescriptor.first(operation, attributes, engine),
            let multiplicand = try read(first, as: MemoryDescriptor(raw: source)),
            let multiplier = try read(second, as: MemoryDescriptor(raw: weights))
        else { return false }
        let written = try destination(output, layout)
        try run(
            descriptor, [(DNNL_ARG_SRC, multiplicand), (DNNL_ARG_WEIGHTS, multiplier), (DNNL_ARG_DST, written)])
        place(output, written)
        describe(
            node, descriptor.implementation, operationCount: 2 * shape.elementCount * left[left.rank - 1])
        return true
    }
}
