import NeuralNetworks

extension Graph {
    /// The same with batch normalisations that begin by changing nothing but mean and variance: a scale of 1, a shift of 0, and
    /// running statistics of what is normal already.
    ///
    /// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015.
    func normalisingFreshly() -> Graph {
        var graph = self
        for node in nodes where node.operation is BatchNormalization {
            for (input, value) in zip(node.inputs.dropFirst(), [1, 0, 0, 1] as [Float]) {
                guard let input, let shape = initializers[input]?.shape else { continue }
                graph.initializers[input] = Tensor(
                    shape: shape, [Float](repeating: value, count: shape.elementCount))
            }
        }
        return graph
    }

    /// The layer that the only output is of, where it is a fully connected one or a convolution.
    private var head: (node: Int, weights: String, shape: Shape, axis: Int)? {
        guard outputs.count == 1, let index = nodes.lastIndex(where: { $0.outputs.first == outputs[0].name }),
            let axis = nodes[index].operation.axisOfAnswers, nodes[index].inputs.count >= 2,
            let name = nodes[index].inputs[1], let shape = initializers[name]?.shape
        else { return nil }
        return (index, name, shape, axis)
    }

    /// How many answers the last layer gives, where it can be drawn anew.
    var headAnswers: Int? { head.map { $0.shape[$0.axis] } }

    /// The same with a last layer of so many answers, drawn anew.
    ///
    /// Source of the range: He et al., "Delving deep into rectifiers", ICCV 2015.
    func withFreshHead(of count: Int, seed: UInt64) -> Graph? {
        guard let (index, name, weights, axis) = head, weights.elementCount > 0 else { return nil }
        var graph = self
        var extents = weights.dimensions
        let bound = (6 / Float(weights.elementCount / extents[axis])).squareRoot()
        extents[axis] = count
        let shape = Shape(extents)
        var random = SplitMix64(seed: seed ^ SplitMix64.seed(of: name))
        graph.replace(
            1, ofNode: index,
            by: Tensor(
                shape: shape, (0..<shape.elementCount).map { _ in (2 * random.nextFraction() - 1) * bound }))
        if nodes[index].inputs.count > 2, nodes[index].inputs[2] != nil {
            graph.replace(2, ofNode: index, by: Tensor(shape: [count], [Float](repeating: 0, count: count)))
        }
        let port = outputs[0]
        graph.outputs[0] = Port(
            name: port.name, elementType: port.elementType,
            dimensions: port.dimensions.enumerated().map { $0 == 1 ? .fixed(count) : $1 })
        return graph
    }

    /// Gives a node a constant of its own, and drops the one that it had where nothing else reads it.
    private mutating func replace(_ input: Int, ofNode index: Int, by tensor: Tensor) {
        let old = nodes[index].inputs[input]
        let name = "\(nodes[index].name)/fresh-\(input)"
        nodes[index].inputs[input] = name
        initializers[name] = tensor
        if let old, !nodes.contains(where: { $0.inputs.contains(old) }) { initializers[old] = nil }
    }
}

extension Operator {
    /// The axis of a last layer's weights along which its answers lie; nil for an operator that is none.
    fileprivate var axisOfAnswers: Int? {
        switch self {
        case let layer as Gemm where !layer.transposeA: layer.transposeB ? 0 : 1
        case let layer as Convolution where layer.groups == 1: 0
        default: nil
        }
    }
}
