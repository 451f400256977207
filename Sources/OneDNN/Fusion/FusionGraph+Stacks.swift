import NeuralNetworks

extension FusionGraph {
    /// Adds values one after the other that are stacked along a new axis only to be summed over it, as feature pyramids
    /// are merged.
    mutating func addStacks() {
        let (counts, writers) = (readCounts(), writers())
        var sums: [Int: [Node]] = [:]
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard let reduction = node.operation as? Reduction, reduction.function == .sum, !reduction.keepsDimensions,
                let output = node.outputs[0], let type = types[output], let stack = node.inputs[0], counts[stack] == 1,
                !outputs.contains(stack), let join = writers[stack], let rank = shape(stack)?.rank,
                let axis = (nodes[join].operation as? Concatenation)?.axis, node.inputs.count > 1,
                let axes = node.inputs[1].flatMap({ constants[$0]?.integers }), axes.count == 1,
                (axes[0] + rank) % rank == (axis + rank) % rank
            else { continue }
            let layers = nodes[join].inputs.compactMap { $0.flatMap { writers[$0] } }
            let parts = layers.compactMap { layer in
                nodes[layer].operation is Unsqueeze && shape(nodes[layer].outputs[0])?[(axis + rank) % rank] == 1
                    && shape(nodes[layer].inputs[0]) == type.shape ? nodes[layer].inputs[0] : nil
            }
            guard parts.count == nodes[join].inputs.count, parts.count > 1 else { continue }
            var sum = parts[0]
            sums[index] = parts.indices.dropFirst().map { part in
                let name = part == parts.count - 1 ? output : "\(node.name): sum of \(part + 1)"
                types[name] = type
                defer { sum = name }
                return Node(
                    name: name, operation: BinaryElementwise(.add), inputs: [sum, parts[part]], outputs: [name],
                    fused: part == 1 ? [node.name, nodes[join].name] : [])
            }
            removed.insert(join)
            removed.formUnion(
                layers.filter { nodes[$0].outputs[0].map { counts[$0] == 1 && !outputs.contains($0) } == true })
        }
        nodes = nodes.indices.flatMap { sums[$0] ?? (removed.contains($0) ? [] : [nodes[$0]]) }
    }
}
