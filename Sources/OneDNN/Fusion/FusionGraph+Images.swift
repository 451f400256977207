import NeuralNetworks

extension FusionGraph {
    /// Images of the batch, where each goes through the network by itself: it is the first axis of all values that are
    /// no constants, and no operator brings elements of several images together.
    var batch: Int? {
        guard let batch = shape(inputs.first)?.dimensions.first, batch > 0 else { return nil }
        var imagewise = Set(inputs)
        for node in nodes {
            imagewise.formUnion(node.outputs.compactMap { $0 })
            guard keepsImagesApart(node) else { return nil }
        }
        let isFirst = imagewise.allSatisfy { shape($0)?.dimensions.first == batch }
        return isFirst && imagewise.isSuperset(of: outputs) ? batch : nil
    }

    /// Whether each of a node's outputs comes from one image, given that all values have images as their first axis.
    private func keepsImagesApart(_ node: Node) -> Bool {
        let rank = shape(node.outputs.first ?? nil)?.rank ?? 0
        let read = node.inputs.map { name in name.flatMap { constants[$0] == nil ? shape($0) : nil } }
        let readsOne = read.dropFirst().allSatisfy { $0 == nil }
        guard node.residual == nil || shape(node.residual) == shape(node.outputs.first ?? nil) else { return false }
        switch node.operation {
        // Positions of maxima count from the first image on, and training takes the mean over all of them.
        case let pooling as MaxPooling: return readsOne && !pooling.reportsIndices
        case let normalisation as BatchNormalization: return readsOne && normalisation.mode == .inference
        case is Convolution, is ConvolutionTranspose, is AveragePooling, is GlobalPooling,
            is LocalResponseNormalization, is UnaryElementwise, is Clip, is Identity, is Dropout,
            is GroupNormalization, is Reduction, is DepthToSpace, is SpaceToDepth, is Flatten, is Reshape, is Squeeze,
            is Unsqueeze:
            return readsOne
        case is BinaryElementwise, is VariadicElementwise, is ParametricRelu:
            return read.allSatisfy { $0 == nil || $0?.rank == rank }
        case let resize as Resize:
            if case .cropAndResize = resize.coordinates { return false }
            return readsOne
        case let order as Transpose: return order.permutation?.first == 0
        case let join as Concatenation: return join.axis % max(rank, 1) != 0
        case let split as Split: return split.axis % max(rank, 1) != 0
        case let softmax as Softmax: return softmax.axis % max(rank, 1) != 0
        case let normalisation as LayerNormalization: return normalisation.axis % max(rank, 1) != 0
        case let product as Gemm: return readsOne && !product.transposeA
        case is MatrixMultiplication: return readsOne && rank > 1
        default: return false
        }
    }
}
