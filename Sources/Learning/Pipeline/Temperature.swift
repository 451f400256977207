import Analysis
import NeuralNetworks

/// Finds by what logits are divided so that probabilities are those that come true: the least loss on scans that were not
/// learned from.
///
/// Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
struct Temperature {
    /// As a card allows it, and no more than a calibration should need.
    private static let range = 0.25...8.0
    private static let rounds = 40

    /// - Parameters:
    ///   - answers: logits of one or several tiles each.
    ///   - truths: of the same shapes.
    static func fitted(_ answers: [Tensor], _ truths: [Tensor], _ activation: ModelOutput.Activation) -> Double {
        let loss: any Loss = activation == .softmax ? CrossEntropy() : BinaryCrossEntropy()
        func value(_ logarithm: Double) -> Double {
            let factor = Float(1 / exponential(Float(logarithm)))
            return zip(answers, truths).reduce(0) { sum, pair in
                let scaled = Tensor(shape: pair.0.shape, pair.0.numbers.map { factor * $0 })
                return sum + loss.value(of: scaled, truths: pair.1).value
            }
        }
        // The loss has one valley along the logarithm of the temperature: golden section.
        var (low, high) = (Double(logarithm(Float(range.lowerBound))), Double(logarithm(Float(range.upperBound))))
        let ratio = 0.618_033_988_749_895
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (leftValue, rightValue) = (value(left), value(right))
        for _ in 0..<rounds where high - low > 0.002 {
            if leftValue <= rightValue {
                (high, right, rightValue) = (right, left, leftValue)
                left = high - ratio * (high - low)
                leftValue = value(left)
            } else {
                (low, left, leftValue) = (left, right, rightValue)
                right = low + ratio * (high - low)
                rightValue = value(right)
            }
        }
        return (Double(exponential(Float((low + high) / 2))) * 1000).rounded() / 1000
    }
}
