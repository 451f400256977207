import NeuralNetworks

extension FusionGraph {
    /// Recognises GELU where it is written in parts, as exporters do before operator set 20:
    /// `x * (erf(x / sqrt(2)) + 1) * 0.5`, the factors in any order.
    ///
    /// Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
    mutating func fuseGelus() {
        let (readers, writers) = (onlyReaders(), writers())
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard (node.operation as? UnaryElementwise)?.function == .erf, let scaled = node.inputs[0],
                let scaling = writers[scaled], let input = unscaled(nodes[scaling]),
                let distribution = reader(of: node.outputs[0], adding: 1, readers)
            else { continue }
            var product = reader(of: nodes[distribution].outputs[0], readers)
            var others: [Int] = []
            // x * (0.5 * (...)), x * 0.5 * (...), or x * (...) * 0.5.
            if let first = product, let half = otherFactor(nodes[first], nodes[distribution].outputs[0]) {
                if scalar(half) == 0.5 {
                    others = [first]
                    product = reader(of: nodes[first].outputs[0], readers).flatMap { last in
                        otherFactor(nodes[last], nodes[first].outputs[0]) == input ? last : nil
                    }
                } else if half == input {
                    others = [first]
                    product = reader(of: nodes[first].outputs[0], multiplyingBy: 0.5, readers)
                } else if let writer = writers[half], factor(nodes[writer], of: input) == 0.5, readers[half] != nil {
                    others = [writer]
                } else {
                    product = nil
                }
            }
            guard let product, !others.isEmpty else { continue }
            others += [index, distribution]
            if readers[scaled] != nil { others.append(scaling) }
            nodes[product].operation = UnaryElementwise(.gelu(approximation: .none))
            nodes[product].inputs = [input]
            nodes[product].fused += others.map { nodes[$0].name }
            removed.formUnion(others)
        }
        remove(removed)
    }

    /// What a node divides by the root of 2.
    private func unscaled(_ node: Node) -> String? {
        guard let operation = node.operation as? BinaryElementwise, node.inputs.count == 2, let input = node.inputs[0]
        else { return nil }
        let root = Float(2).squareRoot()
        switch operation.function {
        case .divide: return isNear(scalar(node.inputs[1]), root) ? input : nil
        case .multiply: return isNear(scalar(node.inputs[1]), 1 / root) ? input : nil
        default: return nil
        }
    }

    /// The only reader of a value, where that adds `addend` to it.
    private func reader(of value: String?, adding addend: Float, _ readers: [String: Int]) -> Int? {
        guard let index = reader(of: value, readers), let operation = nodes[index].operation as? BinaryElementwise,
            operation.function == .add, nodes[index].inputs.contains(where: { scalar($0) == addend })
        else { return nil }
        return index
    }

    /// The only reader of a value, where that multiplies it by `factor`.
    private func reader(of value: String?, multiplyingBy factor: Float, _ readers: [String: Int]) -> Int? {
        guard let value, let index = reader(of: value, readers), self.factor(nodes[index], of: value) == factor else {
            return nil
        }
        return index
    }

    private func reader(of value: String?, _ readers: [String: Int]) -> Int? {
        value.flatMap { readers[$0] }
    }

    /// The constant by which a node multiplies `value`.
    private func factor(_ node: Node, of value: String) -> Float? { scalar(otherFactor(node, value)) }

    /// What a node multiplies `value` by.
    func otherFactor(_ node: Node, _ value: String?) -> String? {
        guard (node.operation as? BinaryElementwise)?.function == .multiply, node.inputs.count == 2 else { return nil }
        if node.inputs[0] == value { return node.inputs[1] }
        return node.inputs[1] == value ? node.inputs[0] : nil
    }

    private func isNear(_ number: Float?, _ expected: Float) -> Bool {
        number.map { abs($0 - expected) <= 1e-5 } ?? false
    }

    /// A constant of one element.
    func scalar(_ name: String?) -> Float? {
        guard let elements = floats(name), elements.count == 1 else { return nil }
        return elements[0]
    }
}
