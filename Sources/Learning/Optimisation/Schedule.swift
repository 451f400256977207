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
