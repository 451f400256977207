import NeuralNetworks

/// Constant weights as multiples of scales.
struct IntegerWeights {
    let shape: Shape
    /// The 8-bit integers less their zero points, row-major.
    let elements: [Int8]
    /// One, or one for each position along ``axis``.
    let scales: [Float]
    let axis: Int

    /// - Parameters:
    ///   - operation: what turns the integers into weights.
    ///   - inputs: its inputs.
    /// - Returns: nil where one is missing, or an integer less its zero point takes more than 8 bits.
    init?(_ operation: Dequantization, _ inputs: [Tensor?]) {
        guard inputs.count > 1, let levels = inputs[0], levels.elementType != .int32, levels.shape.rank > 1,
            let integers = levels.converted(to: .int64).integers, let scales = inputs[1]?.floats
        else { return nil }
        let (shape, axis) = (levels.shape, operation.axis < 0 ? operation.axis + levels.shape.rank : operation.axis)
        guard shape.dimensions.indices.contains(axis), scales.count == 1 || scales.count == shape[axis] else {
            return nil
        }
        let zeros = inputs.count > 2 ? inputs[2]?.converted(to: .int64).integers ?? [0] : [0]
        guard zeros.count == 1 || zeros.count == shape[axis] else { return nil }
        let inner = shape.dimensions.suffix(from: axis + 1).reduce(1, *)
        var elements: [Int8] = []
        elements.reserveCapacity(integers.count)
        for (index, integer) in integers.enumerated() {
            guard let element = Int8(exactly: integer - zeros[zeros.count == 1 ? 0 : index / inner % shape[axis]])
            else {
                return nil
            }
            elements.append(element)
        }
        (self.shape, self.elements, self.scales, self.axis) = (shape, elements, scales, axis)
    }
}

extension Graph {
    /// The integers of those of `constants` that a DequantizeLinear gives.
    func integerWeights(_ constants: [String: Tensor]) -> [String: IntegerWeights] {
        var writers: [String: Node] = [:]
        for node in nodes where node.operation is Quantization {
            for output in node.outputs.compactMap({ $0 }) { writers[output] = node }
        }
        func constant(_ name: String?) -> Tensor? {
            guard let name else { return nil }
            if let tensor = initializers[name] { return tensor }
            guard let node = writers[name] else { return nil }
            return try? node.operation.evaluate(node.inputs.map { $0.flatMap { initializers[$0] } })[0]
        }
        var found: [String: IntegerWeights] = [:]
        for node in nodes {
            guard let operation = node.operation as? Dequantization, let output = node.outputs[0],
                constants[output] != nil
            else { continue }
            found[output] = IntegerWeights(operation, node.inputs.map(constant))
        }
        return found
    }
}
