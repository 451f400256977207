import NeuralNetworks

/// Batches in groups of images.
///
/// What lies between two layers should stay in the cache of the core that works on it, which a whole batch rarely does.
/// Where each image goes through the network by itself, the layers of large images can take a batch a few images at a
/// time, and each thread its own; then their weights are read once for each group.
struct BatchPlan {
    /// The images that go at a time through the first nodes: a divisor of the batch's.
    let images: Int
    let batch: Int
    /// How many nodes these are; the others take the whole batch.
    let nodes: Int

    init(images: Int, of batch: Int, nodes: Int) {
        self.images = images
        self.batch = batch
        self.nodes = nodes
    }
}

extension FusionGraph {
    /// What stays in the cache from one layer to the next, in float32.
    private static let cachedByteCount = 8 << 20

    /// What threads share passes from one core's cache to the other's.
    private static let sharedShare = 0.5

    /// More are as well taken as a whole.
    private static let mostImagesAtOnce = 64

    /// Weights are fetched while others are used: reading them costs less than waiting for values.
    private static let weightsShare = 0.5

    /// The plan that moves the fewest bytes.
    func batchPlan(for batch: Int) -> BatchPlan {
        let sizes = nodes.map { node in
            let constant = node.reads.reduce(0) { $0 + (constants[$1]?.type.byteCount ?? 0) }
            let moved = node.reads.filter { constants[$0] == nil } + node.outputs.compactMap { $0 }
            return (weights: constant, values: moved.reduce(0) { $0 + byteCount($1) } / batch)
        }
        func cost(_ images: Int, _ nodes: Range<Int>) -> Double {
            sizes[nodes].reduce(0) { sum, size in
                let isCached = size.values * images <= Self.cachedByteCount
                let share = isCached ? (images < batch ? 0 : Self.sharedShare) : 1
                return sum + Self.weightsShare * Double(batch / images * size.weights)
                    + share * Double(batch * size.values)
            }
        }
        let all = nodes.indices
        let whole = BatchPlan(images: batch, of: batch, nodes: all.count)
        let ends = narrowings() + [all.count]
        let plans = (1...Self.mostImagesAtOnce).filter { $0 < batch && batch % $0 == 0 }.flatMap { images in
            ends.map { BatchPlan(images: images, of: batch, nodes: $0) }
        }
        return ([whole] + plans).min {
            cost($0.images, 0..<$0.nodes) + cost(batch, $0.nodes..<all.count)
                < cost($1.images, 0..<$1.nodes) + cost(batch, $1.nodes..<all.count)
        } ?? whole
    }

    /// Bytes of a value as it lies between layers.
    private func byteCount(_ value: String) -> Int {
        guard let type = types[value] else { return 0 }
        return levels.contains(value) ? type.shape.elementCount : type.byteCount
    }

    /// Where a single image of channels is all that passes from the nodes before to those behind: the nodes before.
    private func narrowings() -> [Int] {
        var lastReads = lastReads().filter { constants[$0.key] == nil }
        for name in outputs { lastReads[name] = nodes.count }
        var live = Set(inputs)
        return nodes.indices.dropLast().compactMap { index in
            live.formUnion(nodes[index].outputs.compactMap { $0 })
            live = live.filter { lastReads[$0] ?? -1 > index }
            guard live.count == 1, let value = live.first, types[value]?.elementType == .float32,
                shape(value)?.rank == 4, !outputs.contains(value), !inputs.contains(value)
            else { return nil }
            return index + 1
        }
    }
}
