import NeuralNetworks

/// A training graph for one piece of the batch: the pieces are the same for any number of threads.
struct TrainingPieces {
    let count: Int
    /// For one piece.
    let graph: TypedGraph

    /// Enough for many threads, and few enough for a gradient of the weights for each.
    private static let most = 8
    /// Bytes of weights from which on there are fewer pieces.
    private static let muchWeight = 1 << 28

    init(_ training: TrainingGraph) throws {
        let weights = training.parameters.reduce(0) { $0 + (training.typed.types[$1]?.byteCount ?? 0) }
        let most = max(1, min(Self.most, Self.muchWeight / max(weights, 1)))
        guard let images = training.images else { (count, graph) = (1, training.typed); return }
        for count in (2...max(most, 2)).reversed() where most > 1 && images % count == 0 {
            guard let part = try? training.typed(images: images / count),
                Self.areIndependent(part, of: training, pieces: count, images: images / count)
            else { continue }
            (self.count, graph) = (count, part)
            return
        }
        (count, graph) = (1, training.typed)
    }

    /// Whether each image's values are computed from its own alone.
    private static func areIndependent(
        _ part: TypedGraph, of training: TrainingGraph, pieces: Int, images: Int
    ) -> Bool {
        let statistics = Set(training.graph.outputs.dropFirst(training.answerCount).map(\.name))
        let values = part.nodes.flatMap(\.outputs).compactMap(\.self) + training.graph.inputs.map(\.name)
        return part.nodes.count == training.typed.nodes.count
            && values.allSatisfy { name in
                if statistics.contains(name) { return true }
                guard let own = part.types[name], let whole = training.typed.types[name] else { return false }
                return own.shape.rank > 0 && own.shape[0] == images && whole.shape[0] == images * pieces
                    && own.shape.dimensions.dropFirst() == whole.shape.dimensions.dropFirst()
            }
            && part.nodes.allSatisfy { $0.keepsImagesApart }
    }
}

extension Graph.Node {
    /// Whether the operator, whose values have the batch as their first axis, mixes nothing along it.
    fileprivate var keepsImagesApart: Bool {
        switch operation {
        case let operation as Transpose: operation.permutation?.first == 0
        case let operation as Concatenation: operation.axis != 0
        case let operation as Softmax: operation.axis != 0
        case let operation as Gemm: !operation.transposeA
        default: true
        }
    }
}

extension TrainingGraph {
    /// Images of a batch, where all inputs may have any number of them; nil otherwise.
    fileprivate var images: Int? {
        var images: Int?
        for port in graph.inputs {
            guard case .symbolic? = port.dimensions.first, let count = inputShapes[port.name]?[0],
                images == nil || images == count
            else { return nil }
            images = count
        }
        return images
    }

    /// With types for so many images.
    fileprivate func typed(images: Int) throws -> TypedGraph {
        try graph.inferred(
            inputShapes: inputShapes.mapValues { Shape([images] + $0.dimensions.dropFirst()) })
    }
}
