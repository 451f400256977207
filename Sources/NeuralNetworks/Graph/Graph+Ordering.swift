extension Graph {
    /// The nodes in an order in which each one's inputs are computed before it; the order given is
    /// kept where it is one already.
    ///
    /// - Throws: ``GraphError`` naming every value that is defined twice or not at all, or, where
    ///   there is none, every node on or behind a cycle.
    static func ordered(
        _ nodes: [Node], inputs: [Port], outputs: [Port], initializers: [String: Tensor]
    ) throws(GraphError) -> [Node] {
        var problems: [GraphError.Problem] = []
        var defined = Set(initializers.keys)
        for input in inputs where !defined.insert(input.name).inserted {
            problems.append(.init(place: input.name, message: "is defined twice"))
        }
        let given = defined
        for output in nodes.lazy.flatMap(\.outputs).compactMap(\.self) where !defined.insert(output).inserted {
            problems.append(.init(place: output, message: "is defined twice"))
        }
        for node in nodes {
            for input in node.inputs.compactMap(\.self) where !defined.contains(input) {
                problems.append(.init(place: node.name, message: "reads the undefined value \(input)"))
            }
        }
        for output in outputs where !defined.contains(output.name) {
            problems.append(.init(place: output.name, message: "is an output that nothing computes"))
        }
        guard problems.isEmpty else { throw GraphError(problems) }

        guard !isOrdered(nodes, given: given) else { return nodes }
        let order = sorted(nodes, given: given)
        guard order.count == nodes.count else {
            let sorted = Set(order)
            throw GraphError(
                nodes.indices.filter { !sorted.contains($0) }.map {
                    .init(place: nodes[$0].name, message: "is on or behind a cycle")
                })
        }
        return order.map { nodes[$0] }
    }

    private static func isOrdered(_ nodes: [Node], given: Set<String>) -> Bool {
        var known = given
        for node in nodes {
            guard node.inputs.allSatisfy({ $0.map(known.contains) ?? true }) else { return false }
            known.formUnion(node.outputs.compactMap(\.self))
        }
        return true
    }

    /// Indices of the nodes that can be computed from `given`, in an order in which they can
    /// (Kahn, "Topological sorting of large networks", 1962).
    private static func sorted(_ nodes: [Node], given: Set<String>) -> [Int] {
        var missing = nodes.map { node in Set(node.inputs.compactMap(\.self)).subtracting(given).count }
        var readers: [String: [Int]] = [:]
        for (index, node) in nodes.enumerated() {
            for input in Set(node.inputs.compactMap(\.self)) where !given.contains(input) {
                readers[input, default: []].append(index)
            }
        }
        var order: [Int] = []
        var ready = nodes.indices.filter { missing[$0] == 0 }
        ready.reverse()
        while let index = ready.popLast() {
            order.append(index)
            for output in nodes[index].outputs.compactMap(\.self) {
                for reader in readers[output] ?? [] {
                    missing[reader] -= 1
                    if missing[reader] == 0 { ready.append(reader) }
                }
            }
        }
        return order
    }
}
