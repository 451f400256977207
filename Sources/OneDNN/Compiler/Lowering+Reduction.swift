import COneDNN
import NeuralNetworks

extension NetworkBuilder {
    /// Axes reduced to one number each.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerReduction(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Reduction, let algorithm = operation.function.algorithm,
            let input = node.inputs[0], let output = node.outputs[0], let data = graph.shape(input),
            let shape = graph.shape(output), 1...6 ~= data.rank, shape.rank <= 6, data.elementCount > 0,
            let axes = axes(operation, node, rank: data.rank), let own = try operand(input)
        else { return false }
        let type = own.descriptor.dataType
        let reduced = data.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
        guard reduced != data.dimensions else { return false }
        var source = try MemoryDescriptor(data.dimensions, type).raw
        var result = try MemoryDescriptor(reduced, type).raw
        var description = dnnl_reduction_desc_t()
        guard dnnl_reduction_desc_init(&description, algorithm, &source, &result, 0, 0) == dnnl_success else {
            return false
        }
        let attributes = try Attributes()
        guard let descriptor = try PrimitiveDescriptor.first(description, attributes, engine),
            let read = try read(input, as: MemoryDescriptor(raw: source))
        else { return false }
        // The same elements, whether the reduced axes stay or not.
        let written = try destination(output, MemoryDescriptor(shape.dimensions, type))
        let numbers = Operand(descriptor: MemoryDescriptor(raw: result), location: written.location)
        try run(descriptor, [(DNNL_ARG_SRC, read), (DNNL_ARG_DST, numbers)])
        place(output, written)
        describe(node, descriptor.implementation, operationCount: data.elementCount)
        return true
    }

    /// The reduced axes, none of them negative; nil where they are computed, or are none.
    private func axes(_ operation: Reduction, _ node: FusionGraph.Node, rank: Int) -> Set<Int>? {
        guard node.inputs.count > 1, let name = node.inputs[1] else {
            return operation.defaultAxes == .all ? Set(0..<rank) : nil
        }
        guard let given = graph.constants[name]?.integers else { return nil }
        if given.isEmpty { return operation.defaultAxes == .all ? Set(0..<rank) : nil }
        return Set(given.map { $0 < 0 ? $0 + rank : $0 })
    }
}

extension Reduction.Function {
    /// oneDNN's name of the function, where it has it.
    fileprivate var algorithm: dnnl_alg_kind_t? {
        switch self {
        case .sum: dnnl_reduction_sum
        case .mean: dnnl_reduction_mean
        case .maximum: dnnl_reduction_max
        case .minimum: dnnl_reduction_min
        case .product: dnnl_reduction_mul
        case .sumOfSquares, .l1Norm, .l2Norm, .logarithmOfSum, .logarithmOfExponentialSum: nil
        }
    }
}
