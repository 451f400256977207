import NeuralNetworks

extension Lowering {
    /// Axes reduced to one number each.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerReduction(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Reduction, let function = operation.function.primitive,
            let input = node.inputs[0], let output = node.outputs[0], let data = graph.shape(input),
            let shape = graph.shape(output), 1...6 ~= data.rank, shape.rank <= 6, data.elementCount > 0,
            let axes = axes(operation, node, rank: data.rank), let own = try operand(input)
        else { return false }
        let type = own.descriptor.dataType
        let reduced = data.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
        guard reduced != data.dimensions else { return false }
        let source = try MemoryDescriptor(data.dimensions, type)
        let result = try MemoryDescriptor(reduced, type)
        guard let descriptor = try PrimitiveDescriptor.reduction(function, from: source, to: result, engine),
            let read = try read(input, as: source)
        else { return false }
        // The same elements, whether the reduced axes stay or not.
        let written = try memory.destination(output, MemoryDescriptor(shape.dimensions, type))
        let numbers = Operand(descriptor: result, location: written.location)
        try run(descriptor, [(.source, read), (.destination, numbers)])
        memory.place(output, written)
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
    fileprivate var primitive: ReductionFunction? {
        switch self {
        case .sum: .sum
        case .mean: .mean
        case .maximum: .maximum
        case .minimum: .minimum
        case .product: .product
        case .sumOfSquares, .l1Norm, .l2Norm, .logarithmOfSum, .logarithmOfExponentialSum: nil
        }
    }
}
