import NeuralNetworks

/// Gradient descent by moments, with weight decay beside them.
///
/// With moments `m` and `v` of the gradient `g`, at step `t`:
/// `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g²`,
/// `w -= rate (decay w + m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon))`.
///
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
public struct AdamW: Sendable, Hashable {
    public var decay: Float
    public var firstDecay: Float = 0.9
    public var secondDecay: Float = 0.999
    public var epsilon: Float = 1e-8

    public init(decay: Float = 0.01) { self.decay = decay }

    /// Moves weights, and their moments.
    ///
    /// - Parameter step: from 1.
    public func update(_ state: inout LearningState, by gradients: [Tensor], rate: Float) {
        let step = state.step + 1
        let (first, second) = (1 - power(firstDecay, step), 1 - power(secondDecay, step))
        for index in state.parameters.indices {
            let shape = state.parameters[index].shape
            var weights = state.parameters[index].numbers
            state.parameters[index] = Tensor(shape: [0], [Float]())
            gradients[index].numbers.withUnsafeBufferPointer { slopes in
                weights.withUnsafeMutableBufferPointer { weights in
                    state.firstMoments[index].withUnsafeMutableBufferPointer { means in
                        state.secondMoments[index].withUnsafeMutableBufferPointer { squares in
                            for element in slopes.indices {
                                let slope = slopes[element]
                                means[element] = firstDecay * means[element] + (1 - firstDecay) * slope
                                squares[element] = secondDecay * squares[element] + (1 - secondDecay) * slope * slope
                                let deviation = (squares[element] / second).squareRoot() + epsilon
                                weights[element] -=
                                    rate * (decay * weights[element] + means[element] / first / deviation)
                            }
                        }
                    }
                }
            }
            state.parameters[index] = Tensor(shape: shape, weights)
        }
        state.step = step
    }

    private func power(_ base: Float, _ exponent: Int) -> Float {
        var (result, square, rest) = (1.0, Double(base), exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return Float(result)
    }
}
