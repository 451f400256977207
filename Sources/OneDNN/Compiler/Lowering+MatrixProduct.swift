import NeuralNetworks

extension Lowering {
    /// A product of two computed values, `[..., M, K] * [..., K, N]`, as attention has it.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerMatrixProduct(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard node.operation is MatrixMultiplication, let left = graph.shape(node.inputs[0]),
            let right = graph.shape(node.inputs[1]), left.rank == right.rank, 2...6 ~= left.rank,
            left.elementCount > 0, right.elementCount > 0, let output = node.outputs[0],
            let shape = graph.shape(output), let first = node.inputs[0], let second = node.inputs[1],
            node.inputs.count == 2, node.residual == nil
        else { return false }
        let source = try MemoryDescriptor(left.dimensions, dataType)
        let weights = try MemoryDescriptor(right.dimensions, dataType)
        let layout = try MemoryDescriptor(shape.dimensions, dataType)
        let attributes = try Attributes(node.postOperations())
        guard let descriptor = try PrimitiveDescriptor.matrixProduct(source, weights, to: layout, attributes, engine),
            let multiplicand = try read(first, as: source), let multiplier = try read(second, as: weights)
        else { return false }
        let written = try memory.destination(output, layout)
        try run(
            descriptor, [(.source, multiplicand), (.weights, multiplier), (.destination, written)])
        memory.place(output, written)
        describe(
            node, descriptor.implementation, operationCount: 2 * shape.elementCount * left[left.rank - 1])
        return true
    }
}
