import NeuralNetworks

/// Batches in groups of images.
///
/// What lies between two layers should stay in the processor's cache, which a whole batch rarely does. Where each image
/// goes through the network by itself, a batch can be taken a few images at a time; then the weights are read once for
/// each group.
extension FusionGraph {
    /// What stays in the cache from one layer to the next.
    private static let cachedByteCount = 8 << 20

    /// Weights are fetched while others are used: reading them costs less than waiting for values.
    private static let weightsShare = 0.5

    /// The images that are best taken at a time: a divisor of the batch's, the one that moves the fewest bytes.
    func imagesAtOnce(of batch: Int, _ precision: Precision) -> Int {
        let share = precision == .bfloat16 ? 2 : 1
        let weights = constants.values.reduce(0) { $0 + $1.type.byteCount } / share
        let values = nodes.map { node in
            let moved = node.reads.filter { constants[$0] == nil } + node.outputs.compactMap { $0 }
            return moved.reduce(0) { $0 + (types[$1]?.byteCount ?? 0) } / batch / share
        }
        func cost(_ images: Int) -> Double {
            let missed = values.filter { $0 * images > Self.cachedByteCount }.reduce(0, +)
            return Self.weightsShare * Double(batch / images * weights) + Double(batch * missed)
        }
        let divisors = (1...max(batch, 1)).filter { batch % $0 == 0 }
        return divisors.reversed().min { cost($0) < cost($1) } ?? batch
    }

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
        case let normalization as BatchNormalization: return readsOne && normalization.mode == .inference
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
        case let normalization as LayerNormalization: return normalization.axis % max(rank, 1) != 0
        case let product as Gemm: return readsOne && !product.transposeA
        case is MatrixMultiplication: return readsOne && rank > 1
        default: return false
        }
    }

    /// The same network for `images` images at a time.
    ///
    /// - Parameters:
    ///   - graph: what this was made from.
    ///   - images: fewer than `batch`.
    /// - Returns: nil where another batch makes another network of it.
    func group(of graph: consuming Graph, images: Int, batch: Int) -> FusionGraph? {
        var shapes: [String: Shape] = [:]
        graph.inputs = graph.inputs.map { port in
            let others = shape(port.name)?.dimensions.dropFirst() ?? []
            shapes[port.name] = Shape([images] + others)
            return Graph.Port(
                name: port.name, elementType: port.elementType,
                dimensions: [.fixed(images)] + port.dimensions.dropFirst())
        }
        guard var group = try? FusionGraph(consume graph, inputShapes: shapes) else { return nil }
        group.fuse()
        let isSame = zip(ports(outputs), group.ports(outputs)).allSatisfy {
            $0.type.byteCount * images == $1.type.byteCount * batch
        }
        return group.batch == images && isSame ? group : nil
    }
}
