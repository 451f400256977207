import NeuralNetworks

/// A loss by the pixels alone of which something is known: where truths are negative, answers are taken for right, and surely so.
public struct KnownLoss: Loss {
    private let loss: any Loss
    /// The class of what is not known, where classes exclude each other: one that the loss is not about.
    private let background: Int?

    /// A logit beyond which nothing changes.
    private static let sure: Float = 60

    public init(_ loss: any Loss, background: Int?) {
        self.loss = loss
        self.background = background
    }

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        let given = truths.numbers
        let unknown = given.indices.filter { given[$0] < 0 }
        guard !unknown.isEmpty else { return loss.value(of: answers, truths: truths) }
        var (logits, truth) = (answers.numbers, given)
        let (classes, pixels) = (answers.shape[1], answers.pixelCount)
        for index in unknown {
            let isRight = index / pixels % classes == background
            (logits[index], truth[index]) = isRight ? (Self.sure, 1) : (-Self.sure, 0)
        }
        let value = loss.value(
            of: Tensor(shape: answers.shape, logits), truths: Tensor(shape: truths.shape, truth))
        var slopes = value.gradient.numbers
        for index in unknown { slopes[index] = 0 }
        return LossValue(value: value.value, gradient: Tensor(shape: answers.shape, slopes))
    }
}
