import NeuralNetworks

/// Quantised networks are computed with the numbers that their integers stand for, in float32: that rounds at the same
/// places as integers do, and may end at the next integer.
extension FusionGraph {
    /// Writes quantised convolutions and products with constant weights as the same of numbers, between a
    /// DequantizeLinear and a QuantizeLinear.
    mutating func expandQuantizedProducts() {
        nodes = nodes.flatMap { expanded($0) ?? [$0] }
    }

    /// A quantisation and its inverse, where nothing but that reads the integers, become a rounding.
    mutating func fuseQuantizations() {
        let writers = writers()
        for (index, node) in nodes.enumerated() {
            guard node.operation is Dequantization, let levels = node.inputs[0], let writer = writers[levels],
                nodes[writer].operation is Quantization, let rounding = rounding(nodes[writer]),
                let inverse = self.rounding(node), rounding == inverse
            else { continue }
            nodes[index].operation = Rounding(scale: rounding.scale, zeroPoint: rounding.zeroPoint, rounding.type)
            nodes[index].inputs = [nodes[writer].inputs[0]]
            nodes[index].fused.append(nodes[writer].name)
        }
        let counts = readCounts()
        nodes.removeAll { $0.operation is Quantization && $0.reads.count > 0 && counts[$0.outputs[0] ?? ""] == nil }
    }

    private struct OneScale: Equatable {
        let scale: Float
        let zeroPoint: Int
        let type: ElementType
    }

    /// How a node quantises, or the inverse: nil where it does with more than one scale, or computed ones.
    private func rounding(_ node: Node) -> OneScale? {
        let levels = node.operation is Quantization ? node.outputs[0] : node.inputs[0]
        guard let scale = scalar(node.inputs[1]), let type = levels.flatMap({ types[$0]?.elementType }),
            type == .uint8 || type == .int8
        else { return nil }
        guard node.inputs.count > 2, let name = node.inputs[2] else {
            return OneScale(scale: scale, zeroPoint: 0, type: type)
        }
        return integer(name).map { OneScale(scale: scale, zeroPoint: $0, type: type) }
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
        // Scales of a product's columns lie along its last axis.
        let axis = weights.shape.rank == 2 ? 1 : 0
        return try? Dequantization(axis: axis).evaluate(tensors)[0]
    }
}
