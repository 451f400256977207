import NeuralNetworks

extension Learner {
    /// Shares of the way from the weights at the start to the learned ones.
    private static let shares: [Float] = [0.4, 0.6, 0.8]
    /// What of the loss on val one may cost, and how many times that loss weights may have that are worth staying near.
    private static let (cost, distance) = (0.02, 2.0)

    /// Goes back from what was learned towards the weights at the start, as far as the scans to try on allow: what the network
    /// could do before, on scans that these labels have none of, is mostly kept then.
    ///
    /// Source: Wortsman et al., "Robust fine-tuning of zero-shot models", 2022.
    ///
    /// - Returns: also the share of the way that is left; 1 where every step back costs too much, or the start was far from knowing
    ///   these labels, as fresh weights are.
    func keepingStart(_ learned: Graph) throws -> (graph: Graph, share: Float) {
        if isFresh { return (learned, 1) }
        let loss = try triedLoss(of: learned)
        guard try triedLoss(of: stage.model.graph) <= loss * Self.distance else { return (learned, 1) }
        for share in Self.shares {
            let mean = stage.model.graph.mean(with: learned, share: share)
            if try triedLoss(of: mean) <= loss * (1 + Self.cost) { return (mean, share) }
        }
        return (learned, 1)
    }
}

extension Graph {
    /// Weights so far on the way to another's of the same layers.
    fileprivate func mean(with other: Graph, share: Float) -> Graph {
        var mean = other
        for (name, end) in other.initializers {
            guard let start = initializers[name], start.shape == end.shape, let from = start.floats, let to = end.floats
            else { continue }
            mean.initializers[name] = Tensor(
                shape: end.shape, zip(from, to).map { $0 + share * ($1 - $0) })
        }
        return mean
    }
}
