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
    /// From more of them on, oneDNN's inner product sums a row's products in as many parts as there are threads, and each number of
    /// them rounds otherwise. Its product of matrices does not, but takes longer over few weights.
    private static let innerOfOneSum = 1024
    private static let fewWeights = 1 << 21

    /// - Returns: false where the weights are computed, or the operator asks for what is no inner product.
    mutating func lowerInnerProduct(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let product = product(node) else { return false }
        if product.inner <= Self.innerOfOneSum { return try lower(product, node) }
        if product.weights.count > Self.fewWeights { return try lower(product, node, isMatrix: true) }
        // Made for one thread, it has one sum, whoever runs it.
        let threads = Threads.count
        Threads.use(1)
        defer { Threads.use(threads) }
        return try lower(product, node)
    }

    private mutating func lower(
        _ product: InnerProduct, _ node: FusionGraph.Node, isMatrix: Bool = false
    ) throws(EngineError) -> Bool {
        guard let output = node.outputs[0], let shape = graph.shape(output) else { return false }
        let attributes = try Attributes(node.postOperations())
        let (rows, inner, columns) = (product.rows, product.inner, product.columns)
        let (source, result) = try (
            MemoryDescriptor([rows, inner], dataType), MemoryDescriptor([rows, columns], dataType)
        )
        // A matrix product has its weights, and the bias, the other way round, and as matrices.
        let descriptor =
            isMatrix
            ? try PrimitiveDescriptor.matrixProduct(
                source, MemoryDescriptor([inner, columns], dataType, .any), bias: MemoryDescriptor([1, columns]),
                to: result, attributes, engine)
            : try PrimitiveDescriptor.innerProduct(
                source, MemoryDescriptor([columns, inner], dataType, .any), bias: MemoryDescriptor([columns]),
                to: result,
                attributes, engine)
        guard let descriptor,
            let given = try read(product.source, as: MemoryDescriptor(product.data.dimensions, dataType))
        else { return false }
        let read = Operand(descriptor: source, location: given.location)
        let strides = product.isTransposed ? (column: inner, inner: 1) : (column: 1, inner: columns)
        let plain =
            isMatrix
            ? try MemoryDescriptor([inner, columns], .float32, .strides([strides.inner, strides.column]))
            : try MemoryDescriptor([columns, inner], .float32, .strides([strides.column, strides.inner]))
        let stored = try constant(product.weights, plain, as: descriptor.weights)
        let offset = try MemoryDescriptor(isMatrix ? [1, columns] : [columns])
        let offsets = try constant(product.bias ?? [Float](repeating: 0, count: columns), offset, as: offset)
        let written = try sumDestination(
            node, output, MemoryDescriptor(shape.dimensions, dataType), imagewise: false, reading: read)
        try run(
            descriptor,
            [
                (.source, read), (.weights, stored), (.bias, offsets),
                (.destination, Operand(descriptor: result, location: written.location)),
            ])
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: 2 * rows * inner * columns)
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
