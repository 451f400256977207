import NeuralNetworks

extension TrainingBuilder {
    /// Adds the forward side of every node.
    ///
    /// - Parameter outputs: values that are wanted as they are.
    /// - Returns: the layers, in their order.
    mutating func addForward(_ outputs: [String]) throws -> [any TrainingLayer] {
        let readers = Dictionary(
            grouping: graph.nodes.indices.flatMap { index in
                graph.nodes[index].inputs.compactMap(\.self).map { (name: $0, index: index) }
            }, by: \.name)
        var layers: [any TrainingLayer] = []
        var fused: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() where !fused.contains(index) {
            var activation: (activation: LearnedActivation, output: String)?
            if let output = node.outputs[0], !outputs.contains(output), let only = readers[output], only.count == 1,
                let next = only.first.map({ graph.nodes[$0.index] }), let result = next.outputs[0],
                let following = self.activation(of: next), following.readsOutput
            {
                activation = (following, result)
            }
            var layer = try layer(of: node, followedBy: activation)
            if activation?.output == layer.output,
                let next = node.outputs[0].flatMap({ readers[$0]?.first })
            {
                fused.insert(next.index)
            }
            try layer.addForward(to: &self)
            layers.append(layer)
        }
        return layers
    }

    private func layer(
        of node: Graph.Node, followedBy activation: (activation: LearnedActivation, output: String)?
    ) throws -> any TrainingLayer {
        let layer: (any TrainingLayer)? =
            switch node.operation {
            case is Convolution, is ConvolutionTranspose: TrainedConvolution(node, self, activation: activation)
            case is BatchNormalization: TrainedBatchNormalization(node, self, activation: activation)
            case is UnaryElementwise, is Clip: TrainedActivation(node, self)
            case is MaxPooling, is AveragePooling, is GlobalPooling: TrainedPooling(node, self)
            case is Gemm, is MatrixMultiplication: TrainedInnerProduct(node, self)
            case is BinaryElementwise: TrainedSum(node, self, activation: activation)
            case is Concatenation: TrainedConcatenation(node, self)
            case is Resize: TrainedResampling(node, self)
            default: nil
            }
        if let layer { return layer }
        guard let plain = TrainedPlainly(node) else {
            throw EngineError(.graph, "\(node.name): \(node.operation.name) cannot be learned through")
        }
        return plain
    }
}
