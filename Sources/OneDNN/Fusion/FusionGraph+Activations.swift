import NeuralNetworks

extension FusionGraph {
    /// Lets a convolution or matrix product apply the activation that alone follows it, before it stores
    /// its result.
    mutating func fuseActivations() {
        let (counts, writers) = (readCounts(), writers())
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard let input = node.inputs.first ?? nil, let activation = activation(node), counts[input] == 1,
                !outputs.contains(input), let writer = writers[input],
                takesPostOperations(nodes[writer]) || takesRelu(nodes[writer], activation),
                nodes[writer].activation == nil, nodes[writer].rounding == nil,
                // Winograd takes no line, and the activation behind it would find its place taken.
                activation.function != .linear
            else { continue }
            nodes[index].activation = activation
            absorb(index, into: writer)
            removed.insert(index)
        }
        remove(removed)
    }

    /// Whether oneDNN can work on the result of a node before it is stored.
    func takesPostOperations(_ node: Node) -> Bool {
        // With a constant number it is an elementwise primitive, which takes none.
        node.operation is Convolution || node.operation is ConvolutionTranspose || node.operation is Gemm
            || isInnerProduct(node)
            || (node.operation is BinaryElementwise && activation(node) == nil) || node.operation is VariadicElementwise
    }

    /// Whether oneDNN's normalisation can apply the activation: a ReLU alone.
    private func takesRelu(_ node: Node, _ activation: Activation) -> Bool {
        (node.operation as? BatchNormalization)?.mode == .inference && activation == .relu
    }

    mutating func remove(_ indices: Set<Int>) {
        nodes = nodes.indices.filter { !indices.contains($0) }.map { nodes[$0] }
    }
}
