import NeuralNetworks

/// One minus the Dice coefficient of probabilities and truth, the mean over images and classes.
///
/// `1 - (2 sum(p t) + 1) / (sum(p) + sum(t) + 1)`, where `p` is a logistic function of each answer, or a softmax over classes.
/// Source: Milletari et al., "V-Net", 2016.
public struct DiceLoss: Loss {
    /// What makes probabilities of answers.
    public enum Activation: Sendable, Hashable {
        case sigmoid
        /// Over the classes, of which one may be left out of the mean: the background.
        case softmax(background: Int?)
    }

    public var activation: Activation
    private static let smoothing: Float = 1

    public init(_ activation: Activation) { self.activation = activation }

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        let (images, classes, pixels) = (answers.shape[0], answers.shape[1], answers.pixelCount)
        let truth = truths.numbers
        let probabilities = probabilities(of: answers)
        var background: Int?
        if case .softmax(let index) = activation { background = index }
        let counted = images * (classes - (background == nil ? 0 : 1))
        var slopes = [Float](repeating: 0, count: truth.count)
        var value = 0.0
        for plane in 0..<images * classes where plane % classes != background {
            let range = plane * pixels..<(plane + 1) * pixels
            var (common, all) = (0.0, 0.0)
            for index in range {
                common += Double(probabilities[index] * truth[index])
                all += Double(probabilities[index] + truth[index])
            }
            let (numerator, denominator) = (Float(2 * common) + Self.smoothing, Float(all) + Self.smoothing)
            value += Double(1 - numerator / denominator) / Double(counted)
            for index in range {
                slopes[index] =
                    (numerator / denominator - 2 * truth[index]) / (denominator * Float(counted))
            }
        }
        return LossValue(
            value: value, gradient: Tensor(shape: answers.shape, chained(slopes, probabilities, answers.shape)))
    }

    private func probabilities(of answers: Tensor) -> [Float] {
        guard case .softmax = activation else { return answers.numbers.map(Logistic.probability) }
        let (classes, pixels) = (answers.shape[1], answers.pixelCount)
        var result = answers.numbers
        for image in 0..<answers.shape[0] {
            for pixel in 0..<pixels {
                let offsets = Swift.stride(
                    from: image * classes * pixels + pixel, to: (image + 1) * classes * pixels, by: pixels)
                var largest = -Float.infinity
                for offset in offsets { largest = max(largest, result[offset]) }
                var sum: Float = 0
                for offset in offsets {
                    result[offset] = exponential(result[offset] - largest)
                    sum += result[offset]
                }
                for offset in offsets { result[offset] /= sum }
            }
        }
        return result
    }

    /// The slopes with regard to the answers, of those with regard to the probabilities.
    private func chained(_ slopes: [Float], _ probabilities: [Float], _ shape: Shape) -> [Float] {
        guard case .softmax = activation else {
            return zip(slopes, probabilities).map { $0 * $1 * (1 - $1) }
        }
        let (classes, pixels) = (shape[1], shape.dimensions.dropFirst(2).reduce(1, *))
        var result = slopes
        for image in 0..<shape[0] {
            for pixel in 0..<pixels {
                let offsets = Swift.stride(
                    from: image * classes * pixels + pixel, to: (image + 1) * classes * pixels, by: pixels)
                var sum: Float = 0
                for offset in offsets { sum += slopes[offset] * probabilities[offset] }
                for offset in offsets { result[offset] = probabilities[offset] * (slopes[offset] - sum) }
            }
        }
        return result
    }
}

/// The mean distance of answers from the truth.
public struct AbsoluteLoss: Loss {
    public init() {}

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        let scale = 1 / Float(max(answers.shape.elementCount, 1))
        var sum = 0.0
        let gradient = zip(answers.numbers, truths.numbers).map { answer, truth -> Float in
            sum += Double(abs(answer - truth))
            return answer > truth ? scale : answer < truth ? -scale : 0
        }
        return LossValue(value: sum * Double(scale), gradient: Tensor(shape: answers.shape, gradient))
    }
}
