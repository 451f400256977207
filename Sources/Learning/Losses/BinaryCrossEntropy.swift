import NeuralNetworks

/// The cross entropy of a logistic function of each answer on its own, the mean over all.
///
/// With `w` the weight of what is true: `w t softplus(-x) + (1 - t) softplus(x)`.
public struct BinaryCrossEntropy: Loss {
    public var positiveWeight: Float

    public init(positiveWeight: Float = 1) { self.positiveWeight = positiveWeight }

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        let (logits, truth) = (answers.numbers, truths.numbers)
        let scale = 1 / Float(max(logits.count, 1))
        var sum = 0.0
        let gradient = zip(logits, truth).map { logit, truth -> Float in
            sum += Double(
                positiveWeight * truth * Logistic.softplus(-logit) + (1 - truth) * Logistic.softplus(logit))
            let probability = Logistic.probability(logit)
            return scale * ((1 - truth) * probability - positiveWeight * truth * (1 - probability))
        }
        return LossValue(value: sum * Double(scale), gradient: Tensor(shape: answers.shape, gradient))
    }
}

/// A binary cross entropy in which what is sure already counts for less.
///
/// With `q` the probability of what is true and `a` its weight: `-a (1 - q)^g log(q)`, the mean over all answers.
/// Source: Lin et al., "Focal loss for dense object detection", 2017.
public struct FocalLoss: Loss {
    /// `g`
    public var focus: Float
    /// `a` of what is true; what is not has `1 - a`.
    public var positiveShare: Float

    public init(focus: Float = 2, positiveShare: Float = 0.25) {
        self.focus = focus
        self.positiveShare = positiveShare
    }

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        let (logits, truth) = (answers.numbers, truths.numbers)
        let scale = 1 / Float(max(logits.count, 1))
        var sum = 0.0
        let gradient = zip(logits, truth).map { logit, truth -> Float in
            // Towards what is true, then towards what is not, as if the other had the opposite logit.
            let (value, slope) = Self.part(logit, focus)
            let (other, otherSlope) = Self.part(-logit, focus)
            let (weight, rest) = (positiveShare * truth, (1 - positiveShare) * (1 - truth))
            sum += Double(weight * value + rest * other)
            return scale * (weight * slope - rest * otherSlope)
        }
        return LossValue(value: sum * Double(scale), gradient: Tensor(shape: answers.shape, gradient))
    }

    /// `-(1 - q)^g log(q)` for `q` of a logit, and its slope.
    static func part(_ logit: Float, _ focus: Float) -> (value: Float, slope: Float) {
        let (sure, unsure) = (Logistic.probability(logit), Logistic.probability(-logit))
        let loss = Logistic.softplus(-logit)
        let factor = exponential(focus * -Logistic.softplus(logit))
        return (factor * loss, -factor * (focus * sure * loss + unsure))
    }
}
