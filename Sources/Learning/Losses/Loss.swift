import NeuralNetworks

/// How far all answers of a network are from the truth, and in which direction they should move.
public protocol NetworkLoss: Sendable {
    /// - Parameters:
    ///   - answers: in the order of the network's outputs.
    ///   - truths: one for each answer, of the same shape.
    func value(of answers: [Tensor], truths: [Tensor]) -> NetworkLossValue
}

/// A network's loss with its slopes.
public struct NetworkLossValue: Sendable {
    public var value: Double
    /// One for each answer, of its shape.
    public var gradients: [Tensor]
}

/// How far the answers of a network of one output are from the truth, and in which direction they should move.
public protocol Loss: NetworkLoss {
    /// - Parameters:
    ///   - answers: logits, `[N, K]` or `[N, K, H, W]`.
    ///   - truths: probabilities of the same shape: 1 where a class is true and 0 elsewhere.
    /// - Returns: the mean over the batch, and its gradient with regard to the answers.
    func value(of answers: Tensor, truths: Tensor) -> LossValue
}

extension Loss {
    public func value(of answers: [Tensor], truths: [Tensor]) -> NetworkLossValue {
        let loss = value(of: answers[0], truths: truths[0])
        return NetworkLossValue(value: loss.value, gradients: [loss.gradient])
    }
}

/// A loss with its slope.
public struct LossValue: Sendable {
    public var value: Double
    /// Of the answers' shape.
    public var gradient: Tensor

    public init(value: Double, gradient: Tensor) {
        self.value = value
        self.gradient = gradient
    }
}

/// The sum of losses, each weighted.
public struct LossSum: Loss {
    private let parts: [(loss: any Loss, weight: Float)]

    public init(_ parts: [(loss: any Loss, weight: Float)]) { self.parts = parts }

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        var sum = [Float](repeating: 0, count: answers.shape.elementCount)
        var value = 0.0
        for (loss, weight) in parts {
            let part = loss.value(of: answers, truths: truths)
            value += Double(weight) * part.value
            for (index, slope) in part.gradient.numbers.enumerated() { sum[index] += weight * slope }
        }
        return LossValue(value: value, gradient: Tensor(shape: answers.shape, sum))
    }
}

extension Tensor {
    /// The elements of what is known to be `float32`.
    var numbers: [Float] {
        guard let floats else { preconditionFailure("answers are \(elementType)") }
        return floats
    }

    /// Positions of each class of each image: 1, or pixels.
    var pixelCount: Int { shape.dimensions.dropFirst(2).reduce(1, *) }
}

/// The logistic function, and the logarithm of its reciprocal, without overflow.
enum Logistic {
    static func probability(_ logit: Float) -> Float {
        logit >= 0 ? 1 / (1 + exponential(-logit)) : exponential(logit) / (1 + exponential(logit))
    }

    /// `log(1 + exp(x))`
    static func softplus(_ x: Float) -> Float { max(x, 0) + logarithmOfOnePlus(exponential(-abs(x))) }
}
