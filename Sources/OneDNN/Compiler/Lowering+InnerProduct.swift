import NeuralNetworks

/// A product of a batch of rows with constant weights, plus a bias: `[M, K] * [K, N] + [N]`.
private struct InnerProduct {
    let source: String
    /// `[..., K]`; its leading axes together are the rows.
    let data: Shape
    /// `[K, N]`, or `[N, K]` where transposed.
    let weights: [Float]
    let isTransposed: Bool
    let bias: [Float]?
    let rows, inner, columns: Int
}

extension Lowering {
    /// - Returns: false where the weights are computed, or the operator asks for what is no inner product.
    mutating func lowerInnerProduct(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let product = product(node), let output = node.outputs[0] else { return false }
        let attributes = try Attributes(node.postOperations())
        guard let shape = graph.shape(output),
            let descriptor = try PrimitiveDescriptor.innerProduct(
                MemoryDescriptor([product.rows, product.inner], dataType),
                MemoryDescriptor([product.columns, product.inner], dataType, .any),
                bias: MemoryDescriptor([product.columns]),
                to: MemoryDescriptor([product.rows, product.columns], dataType), attributes, engine),
            let given = try read(product.source, as: MemoryDescriptor(product.data.dimensions, dataType))
        else { return false }
        let read = Operand(descriptor: descriptor.source, location: given.location)
        let plain = try MemoryDescriptor(
            [product.columns, product.inner], .float32,
            .strides(product.isTransposed ? [product.inner, 1] : [1, product.columns]))
        let stored = try constant(product.weights, plain, as: descriptor.weights)
        let offsets = try constant(product.bias ?? [Float](repeating: 0, count: product.columns))
        let written = try sumDestination(
            node, output, MemoryDescriptor(shape.dimensions, dataType), imagewise: false, reading: read)
        let rows = Operand(descriptor: descriptor.destination, location: written.location)
        try run(
            descriptor,
            [(.source, read), (.weights, stored), (.bias, offsets), (.destination, rows)])
        memory.place(output, written)
        describe(
            node, descriptor.implementation, operationCount: 2 * product.rows * product.inner * product.columns)
        return true
    }

    private func product(_ node: FusionGraph.Node) -> InnerProduct? {
        guard node.inputs.count >= 2, let source = node.inputs[0], let name = node.inputs[1],
            let data = graph.shape(source), data.rank >= 2, data.rank <= 6, let weights = graph.constants[name],
            weights.shape.rank == 2,
            let elements = weights.floats, !elements.isEmpty, data.elementCount > 0, graph.constants[source] == nil
        else { return nil }
        let gemm = node.operation as? Gemm ?? Gemm()
        let columns = weights.shape[gemm.transposeB ? 0 : 1]
        var bias: [Float]?
        if node.inputs.count > 2, let offset = node.inputs[2] {
            // Only a bias for each column: anything else is not one row's business.
            guard let tensor = graph.constants[offset], let elements = tensor.floats,
                tensor.shape.dimensions.dropLast().allSatisfy({ $0 == 1 })
            else { return nil }
            let row =
                elements.count == columns
                ? elements : elements.count == 1 ? [Float](repeating: elements[0], count: columns) : nil
            guard let row else { return nil }
            bias = row.map { $0 * gemm.beta }
        }
        guard !gemm.transposeA else { return nil }
        return InnerProduct(
            source: source, data: data, weights: gemm.alpha == 1 ? elements : elements.map { $0 * gemm.alpha },
            isTransposed: gemm.transposeB, bias: bias, rows: data.elementCount / data[data.rank - 1],
            inner: data[data.rank - 1], columns: columns)
    }
}
