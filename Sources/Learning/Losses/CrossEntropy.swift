import NeuralNetworks

/// The cross entropy of a softmax over the classes (axis 1), the mean over images and pixels.
///
/// With weights `w`, smoothing `s` and `K` classes: `sum(w_k t'_k (-log p_k)) / sum(w_k t_k)` with `t' = (1 - s) t + s / K`,
/// as PyTorch's `cross_entropy` has it. Smoothing: Szegedy et al., "Rethinking the Inception architecture", 2016.
public struct CrossEntropy: Loss {
    /// One for each class; all 1 where nil.
    public var weights: [Float]?
    public var smoothing: Float

    public init(weights: [Float]? = nil, smoothing: Float = 0) {
        self.weights = weights
        self.smoothing = smoothing
    }

    public func value(of answers: Tensor, truths: Tensor) -> LossValue {
        let (images, classes, pixels) = (answers.shape[0], answers.shape[1], answers.pixelCount)
        let weights = weights ?? [Float](repeating: 1, count: classes)
        let (logits, truth) = (answers.numbers, truths.numbers)
        var gradient = [Float](repeating: 0, count: logits.count)
        var (sum, whole) = (0.0, 0.0)
        var targets = [Float](repeating: 0, count: classes)
        for image in 0..<images {
            for pixel in 0..<pixels {
                let offsets = Swift.stride(
                    from: image * classes * pixels + pixel, to: (image + 1) * classes * pixels, by: pixels)
                var largest = -Float.infinity
                for offset in offsets { largest = max(largest, logits[offset]) }
                var total: Float = 0
                for offset in offsets { total += exponential(logits[offset] - largest) }
                var mass: Float = 0
                for (index, offset) in offsets.enumerated() {
                    targets[index] = weights[index] * ((1 - smoothing) * truth[offset] + smoothing / Float(classes))
                    mass += targets[index]
                    whole += Double(weights[index] * truth[offset])
                    sum += Double(targets[index] * (largest + logarithm(total) - logits[offset]))
                }
                for (index, offset) in offsets.enumerated() {
                    gradient[offset] = mass * exponential(logits[offset] - largest) / total - targets[index]
                }
            }
        }
        let scale = whole > 0 ? 1 / whole : 0
        for index in gradient.indices { gradient[index] *= Float(scale) }
        return LossValue(value: sum * scale, gradient: Tensor(shape: answers.shape, gradient))
    }
}
