import NeuralNetworks

/// The loss of star-convex outlines: of how central a cell is in an object, and of how far the object reaches along each ray.
///
/// With the truths `p` and `d` and the answers `x` (logits) and `D`, over cells `c` and `R` rays:
/// `mean_c BCE(x_c, p_c) + sum_c p_c mean_r |D_cr - d_cr| / mean_r(d_cr) / sum_c p_c`.
///
/// Source: Schmidt et al., "Cell detection with star-convex polygons", MICCAI 2018, whose distances count by the probability too.
/// Theirs are absolute; here each is a share of the object's size, so that small objects are outlined as well as large ones.
public struct StarConvexLoss: NetworkLoss {
    public init() {}

    /// - Parameters:
    ///   - answers: logits `[N, K, h, w]`, and distances `[N, R, h, w]`.
    ///   - truths: probabilities, negative where nothing is known of a class, and distances, which count where a probability is
    ///     positive.
    public func value(of answers: [Tensor], truths: [Tensor]) -> NetworkLossValue {
        let presence = Self.presence(answers[0], truths[0].numbers)
        let reach = Self.reach(answers[1], truths[1].numbers, weights: Self.weights(truths[0]))
        return NetworkLossValue(
            value: presence.value + reach.value, gradients: [presence.gradient, reach.gradient])
    }

    private static func presence(_ answers: Tensor, _ truth: [Float]) -> LossValue {
        let logits = answers.numbers
        let scale = 1 / Float(max(1, truth.count { $0 >= 0 }))
        var gradient = [Float](repeating: 0, count: logits.count)
        var sum = 0.0
        for (index, truth) in truth.enumerated() where truth >= 0 {
            let logit = logits[index]
            sum += Double(truth * Logistic.softplus(-logit) + (1 - truth) * Logistic.softplus(logit))
            gradient[index] = scale * (Logistic.probability(logit) - truth)
        }
        return LossValue(value: sum * Double(scale), gradient: Tensor(shape: answers.shape, gradient))
    }

    /// How much each cell's distances count, `[N, h, w]`: the largest probability of a class.
    private static func weights(_ truths: Tensor) -> [Float] {
        let (images, classes, cells) = (truths.shape[0], truths.shape[1], truths.pixelCount)
        let truth = truths.numbers
        return (0..<images * cells).map { index in
            let first = index / cells * classes * cells + index % cells
            return (0..<classes).reduce(0) { max($0, truth[first + $1 * cells]) }
        }
    }

    private static func reach(_ answers: Tensor, _ truth: [Float], weights: [Float]) -> LossValue {
        let (rays, cells) = (answers.shape[1], answers.pixelCount)
        let distances = answers.numbers
        let whole = weights.reduce(0.0) { $0 + Double($1) }
        var gradient = [Float](repeating: 0, count: distances.count)
        var sum = 0.0
        for (index, weight) in weights.enumerated() where weight > 0 {
            let first = index / cells * rays * cells + index % cells
            let offsets = stride(from: first, to: first + rays * cells, by: cells)
            var size: Float = 0
            for offset in offsets { size += truth[offset] }
            guard size > 0 else { continue }
            // The sum of the rays is their number times the mean: one number of rays less to divide by.
            let share = weight / size
            let slope = Float(Double(share) / whole)
            for offset in offsets {
                let difference = distances[offset] - truth[offset]
                sum += Double(share * abs(difference))
                gradient[offset] = difference > 0 ? slope : difference < 0 ? -slope : 0
            }
        }
        return LossValue(
            value: whole > 0 ? sum / whole : 0, gradient: Tensor(shape: answers.shape, gradient))
    }
}
