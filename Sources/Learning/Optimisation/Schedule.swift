import NeuralNetworks

/// The rate at each step: up to the highest in a line, then down to nothing along half a cosine.
///
/// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
public struct Schedule: Sendable, Hashable {
    public let highest: Float
    public let warmUp: Int
    public let steps: Int

    public init(highest: Float, warmUp: Int, steps: Int) {
        self.highest = highest
        self.warmUp = warmUp
        self.steps = steps
    }

    /// - Parameter step: from 0.
    public func rate(at step: Int) -> Float {
        if step < warmUp { return highest * Float(step + 1) / Float(warmUp) }
        let progress = Double(step - warmUp) / Double(max(steps - warmUp, 1))
        return highest * Float(0.5 * (1 + cosine(Double.pi * min(progress, 1))))
    }
}

/// Keeps gradients from being larger all together than `limit`, by their Euclidean norm.
///
/// Source: Pascanu et al., "On the difficulty of training recurrent neural networks", 2013.
struct GradientLimit: Sendable, Hashable {
    let limit: Double

    /// - Returns: the norm that they had.
    func apply(to gradients: inout [Tensor]) -> Double {
        var sum = 0.0
        for gradient in gradients { for slope in gradient.numbers { sum += Double(slope) * Double(slope) } }
        let norm = sum.squareRoot()
        guard norm > limit else { return norm }
        let factor = Float(limit / norm)
        gradients = gradients.map { gradient in Tensor(shape: gradient.shape, gradient.numbers.map { factor * $0 }) }
        return norm
    }
}
