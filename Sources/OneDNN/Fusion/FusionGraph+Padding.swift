import NeuralNetworks

extension FusionGraph {
    /// Lets a convolution pad its input with zeros itself, where a node before it does that and nothing else reads it.
    mutating func foldPaddings() {
        let (counts, writers) = (readCounts(), writers())
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard var convolution = node.operation as? Convolution, convolution.window.automaticPadding == .explicit,
                let padded = node.inputs[0], counts[padded] == 1, !outputs.contains(padded),
                let writer = writers[padded], let pads = zeroPads(nodes[writer])
            else { continue }
            let own = convolution.window.pads ?? pads.map { _ in 0 }
            guard own.count == pads.count else { continue }
            convolution.window.pads = zip(own, pads).map(+)
            nodes[index].operation = convolution
            nodes[index].inputs[0] = nodes[writer].inputs[0]
            nodes[index].fused.append(nodes[writer].name)
            removed.insert(writer)
        }
        remove(removed)
    }

    /// Zeros that a node adds along the spatial axes, all begins first; nil where it does anything else.
    private func zeroPads(_ node: Node) -> [Int]? {
        guard (node.operation as? Padding)?.mode == .constant, let rank = shape(node.inputs[0])?.rank, rank > 2,
            let pads = node.inputs[1].flatMap({ constants[$0]?.integers }), pads.count == 2 * rank,
            node.inputs.count < 4 || node.inputs[3] == nil,
            node.inputs.count < 3 || node.inputs[2] == nil || scalar(node.inputs[2]) == 0,
            pads.allSatisfy({ $0 >= 0 })
        else { return nil }
        guard [pads[0], pads[1], pads[rank], pads[rank + 1]].allSatisfy({ $0 == 0 }) else { return nil }
        return Array(pads[2..<rank] + pads[(rank + 2)...])
    }
}
