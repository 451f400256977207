import Analysis
import NeuralNetworks

/// Finds by what logits are divided so that probabilities are those that come true: the least loss on scans that were not
/// learned from.
///
/// Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
struct Temperature {
    /// As a card allows it, and no more than a calibration should need.
    private static let range = 0.25...8.0

    /// - Parameters:
    ///   - answers: logits of one or several tiles each.
    ///   - truths: of the same shapes; negative where nothing is known.
    ///   - background: the class that stands for what is not known.
    static func fitted(
        _ answers: [Tensor], _ truths: [Tensor], _ activation: ModelOutput.Activation, background: Int? = nil
    ) -> Double {
        let loss = KnownLoss(
            activation == .softmax ? CrossEntropy() : BinaryCrossEntropy(),
            background: activation == .softmax ? background : nil)
        func value(_ logarithm: Double) -> Double {
            let factor = Float(1 / exponential(Float(logarithm)))
            return zip(answers, truths).reduce(0) { sum, pair in
                let scaled = Tensor(shape: pair.0.shape, pair.0.numbers.map { factor * $0 })
                return sum + loss.value(of: scaled, truths: pair.1).value
            }
        }
        // The loss has one valley along the logarithm of the temperature.
        let (low, high) = (Double(logarithm(Float(range.lowerBound))), Double(logarithm(Float(range.upperBound))))
        return (Double(exponential(Float(Valley.lowest(in: low...high, of: value)))) * 1000).rounded() / 1000
    }
}
