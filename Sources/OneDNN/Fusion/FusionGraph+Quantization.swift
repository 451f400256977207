import NeuralNetworks

/// Quantised networks, written with the numbers that their integers stand for. In float32 that rounds at the same places as
/// integers do, and may end at the next integer; ``fuseRoundings()`` finds the products that are computed with integers.
extension FusionGraph {
    /// Writes quantised convolutions and products with constant weights as the same of numbers, between a
    /// DequantizeLinear and a QuantizeLinear.
    mutating func expandQuantizedProducts() {
        nodes = nodes.flatMap { expanded($0) ?? [$0] }
    }

    /// A quantisation and its inverse, where nothing but that reads the integers, become a rounding; the same rounding of the
    /// same value is made once.
    mutating func fuseQuantizations() {
        let writers = writers()
        var made: [RoundedValue: String] = [:]
        var names: [String: String] = [:]
        for (index, node) in nodes.enumerated() {
            nodes[index].inputs = node.inputs.map { name in name.map { names[$0] ?? $0 } }
            guard node.operation is Dequantization, let levels = node.inputs[0], let writer = writers[levels],
                nodes[writer].operation is Quantization, let grid = grid(nodes[writer]), grid == self.grid(node),
                let input = nodes[writer].inputs[0], let output = node.outputs[0]
            else { continue }
            nodes[index].operation = Rounding(grid: grid)
            nodes[index].inputs = [input]
            nodes[index].fused.append(nodes[writer].name)
            let value = RoundedValue(name: input, grid: grid)
            if let first = made[value], !outputs.contains(output) {
                names[output] = first
            } else {
                made[value] = output
            }
        }
        let counts = readCounts()
        nodes.removeAll { node in
            (node.operation is Quantization && node.reads.count > 0 || node.operation is Rounding)
                && counts[node.outputs[0] ?? ""] == nil
        }
    }

    private struct RoundedValue: Hashable {
        let name: String
        let grid: Grid
    }

    /// How a node quantises, or the inverse: nil where it does with more than one scale, or computed ones.
    private func grid(_ node: Node) -> Grid? {
        let levels = node.operation is Quantization ? node.outputs[0] : node.inputs[0]
        guard let scale = scalar(node.inputs[1]), let type = levels.flatMap({ types[$0]?.elementType }) else {
            return nil
        }
        guard node.inputs.count > 2, let name = node.inputs[2] else { return Grid(scale: scale, zeroPoint: 0, type) }
        return integer(name).flatMap { Grid(scale: scale, zeroPoint: $0, type) }
    }

    private func integer(_ name: String?) -> Int? {
        let integers = name.flatMap { constants[$0]?.converted(to: .int64).integers }
        return integers?.count == 1 ? integers?[0] : nil
    }

    /// The nodes that take the place of a quantised product; nil for other nodes.
    private mutating func expanded(_ node: Node) -> [Node]? {
        let product: any Operator
        switch node.operation {
        case let operation as QuantizedConvolution:
            product = Convolution(window: operation.window, groups: operation.groups)
        case is QuantizedMatrixMultiplication: product = MatrixMultiplication()
        default: return nil
        }
        guard let data = shape(node.inputs[0]), let output = shape(node.outputs[0]),
            let source = scalar(node.inputs[1]),
            let weights = dequantized(node.inputs[3..<6])
        else { return nil }
        let (left, right, sum) = ("\(node.name)/data", "\(node.name)/weights", "\(node.name)/sum")
        var factors: [String?] = [left, right]
        if node.inputs.count > 8, let name = node.inputs[8] {
            guard let bias = constants[name]?.converted(to: .float32).floats, let scales = floats(node.inputs[4]) else {
                return nil
            }
            let offsets = bias.indices.map { bias[$0] * source * scales[scales.count == 1 ? 0 : $0] }
            let scaled = "\(node.name)/bias"
            constants[scaled] = Tensor(shape: [offsets.count], offsets)
            types[scaled] = constants[scaled]?.type
            factors.append(scaled)
        }
        constants[right] = weights
        types[right] = weights.type
        if usesIntegers { integerWeights[right] = integers(node.inputs[3..<6]) }
        types[left] = TensorType(elementType: .float32, shape: data)
        types[sum] = TensorType(elementType: .float32, shape: output)
        return [
            Node(name: left, operation: Dequantization(), inputs: Array(node.inputs[0..<3]), outputs: [left]),
            Node(name: node.name, operation: product, inputs: factors, outputs: [sum]),
            Node(
                name: "\(node.name)/output", operation: Quantization(), inputs: [sum] + node.inputs[6..<8],
                outputs: node.outputs),
        ]
    }

    /// The numbers that constant weights `[M, ...]` or `[K, N]` with their scale and zero point stand for.
    private func dequantized(_ operands: ArraySlice<String?>) -> Tensor? {
        let tensors = operands.map { name in name.flatMap { constants[$0] } }
        guard tensors.allSatisfy({ $0 != nil }), let weights = tensors[0] else { return nil }
        return try? dequantization(of: weights).evaluate(tensors)[0]
    }

    private func integers(_ operands: ArraySlice<String?>) -> IntegerWeights? {
        let tensors = operands.map { name in name.flatMap { constants[$0] } }
        guard let weights = tensors[0] else { return nil }
        return IntegerWeights(dequantization(of: weights), tensors)
    }

    /// Scales of a product's columns lie along its last axis.
    private func dequantization(of weights: Tensor) -> Dequantization {
        Dequantization(axis: weights.shape.rank == 2 ? 1 : 0)
    }
}
