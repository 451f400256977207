import NeuralNetworks

extension FusionGraph {
    /// Recognises activations that are written as a product of a value and its own gate: `x * sigmoid(x)`, called SiLU or
    /// Swish, and `x * hardSigmoid(x)`.
    ///
    /// Sources: Ramachandran et al., "Searching for activation functions", 2017; Howard et al., "Searching for
    /// MobileNetV3", 2019.
    mutating func fuseSelfGates() {
        let readers = onlyReaders()
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard let gate = (node.operation as? UnaryElementwise)?.function, let input = node.inputs[0],
                let reader = node.outputs[0].flatMap({ readers[$0] }), let activation = Self.selfGated(by: gate),
                otherFactor(nodes[reader], node.outputs[0]) == input, shape(nodes[reader].outputs[0]) == shape(input)
            else { continue }
            nodes[reader].operation = UnaryElementwise(activation)
            nodes[reader].inputs = [input]
            nodes[reader].fused.append(node.name)
            removed.insert(index)
        }
        remove(removed)
    }

    private static func selfGated(by gate: UnaryElementwise.Function) -> UnaryElementwise.Function? {
        switch gate {
        case .sigmoid: .swish(alpha: 1)
        case .hardSigmoid(let alpha, 0.5) where abs(alpha - 1 / 6) < 1e-6: .hardSwish
        default: nil
        }
    }
}
