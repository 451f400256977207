import Dispatch
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

    /// What gradients, each the sum of `count`, are to be multiplied by, so that their means are no larger.
    func share(of gradients: [Tensor], averaging count: Int, threads: Int) -> Float {
        var sums = [Double](repeating: 0, count: gradients.count)
        sums.withUnsafeMutableBufferPointer { sums in
            // Each sum is one thread's alone, and they are added in their order.
            nonisolated(unsafe) let sums = sums
            let threads = max(1, min(threads, gradients.count))
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                for index in stride(from: thread, to: gradients.count, by: threads) {
                    gradients[index].numbers.withUnsafeBufferPointer { slopes in
                        var sum = 0.0
                        for slope in slopes { sum += Double(slope) * Double(slope) }
                        sums[index] = sum
                    }
                }
            }
        }
        let norm = sums.reduce(0, +).squareRoot() / Double(count)
        return Float(min(1, limit / norm) / Double(count))
    }
}
