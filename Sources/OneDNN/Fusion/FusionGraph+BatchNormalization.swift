import NeuralNetworks

extension FusionGraph {
    /// Multiplies the scale of a batch normalisation into the weights of the convolution before it, and its
    /// shift into the bias, so that nothing of it is left to compute.
    ///
    /// With `s = scale / sqrt(variance + epsilon)`: `weights' = s * weights`,
    /// `bias' = s * (bias - mean) + shift`, for each output channel.
    mutating func foldBatchNormalizations() {
        let (counts, writers) = (readCounts(), writers())
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard let normalisation = node.operation as? BatchNormalization, normalisation.mode == .inference,
                node.inputs.count == 5,
                let input = node.inputs[0], counts[input] == 1, !outputs.contains(input),
                node.outputs.dropFirst().allSatisfy({ $0 == nil }), let writer = writers[input],
                let scale = floats(node.inputs[1]), let shift = floats(node.inputs[2]),
                let mean = floats(node.inputs[3]), let variance = floats(node.inputs[4]),
                let weightsName = nodes[writer].inputs.count > 1 ? nodes[writer].inputs[1] : nil,
                let weights = constants[weightsName]
            else { continue }
            let factors = zip(scale, variance).map { $0 / ($1 + normalisation.epsilon).squareRoot() }
            let biasName = nodes[writer].inputs.count > 2 ? nodes[writer].inputs[2] : nil
            guard biasName == nil || floats(biasName) != nil,
                let scaled = scaled(weights, of: nodes[writer].operation, by: factors)
            else { continue }
            let bias = floats(biasName) ?? [Float](repeating: 0, count: factors.count)
            let folded = factors.indices.map { factors[$0] * (bias[$0] - mean[$0]) + shift[$0] }
            let prefix = "\(nodes[index].name) folded into \(nodes[writer].name)"
            replaceConstant(writer, 1, "\(prefix): weights", scaled)
            replaceConstant(writer, 2, "\(prefix): bias", Tensor(shape: Shape([folded.count]), folded))
            absorb(index, into: writer)
            removed.insert(index)
        }
        remove(removed)
    }

    /// Weights with each output channel multiplied by its factor; nil where `operation` is no convolution.
    private func scaled(_ weights: Tensor, of operation: any Operator, by factors: [Float]) -> Tensor? {
        guard var elements = weights.floats else { return nil }
        let taps = weights.shape.dimensions.dropFirst(2).reduce(1, *)
        switch operation {
        case is Convolution:
            // [M, C / G, K...]
            let filter = weights.shape[1] * taps
            for index in elements.indices { elements[index] *= factors[index / max(filter, 1)] }
        case let operation as ConvolutionTranspose:
            // [C, M / G, K...]
            let (inputs, outputs) = (weights.shape[0] / operation.groups, weights.shape[1])
            for index in elements.indices {
                let (input, output) = (index / (outputs * taps), index / taps % outputs)
                elements[index] *= factors[input / inputs * outputs + output]
            }
        default: return nil
        }
        return Tensor(shape: weights.shape, elements)
    }

    mutating func replaceConstant(_ node: Int, _ index: Int, _ name: String, _ tensor: Tensor) {
        constants[name] = tensor
        types[name] = tensor.type
        while nodes[node].inputs.count <= index { nodes[node].inputs.append(nil) }
        nodes[node].inputs[index] = name
    }
}
