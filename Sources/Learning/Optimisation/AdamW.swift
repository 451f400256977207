import Imaging
import NeuralNetworks
import Synchronization

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
    /// What a step keeps of the weights' running mean, at most.
    public var averageDecay: Float = 0.995

    public init(decay: Float = 0.01) { self.decay = decay }

    /// Moves weights, with their moments and their running mean.
    ///
    /// - Parameters:
    ///   - gradients: in the order of the parameters.
    ///   - share: what they are multiplied by.
    ///   - threads: how many share the parameters; they come out the same.
    public func update(
        _ state: inout LearningState, by gradients: [Tensor], share: Float = 1, rate: Float, threads: Int = 1
    ) {
        state.step += 1
        let change = Change(self, share: share, rate: rate, step: state.step)
        // Each parameter is taken by one thread, which is then its only owner and changes it in place.
        let waiting = Mutex<[LearnedParameter?]>(exchange(&state.learned, with: []))
        state.learned = concurrentMap(gradients.count, threads: threads) { index -> LearnedParameter? in
            guard var parameter = waiting.withLock({ $0[index].take() }) else { return nil }
            change.apply(to: &parameter, by: gradients[index].numbers)
            return parameter
        }.compactMap(\.self)
    }

    /// What a step does to each weight.
    private struct Change {
        let optimiser: AdamW
        let share, rate: Float
        /// One less the powers of the decays.
        let first, second: Float
        /// Of the running mean; fewer of the first ones are kept (Tarvainen and Valpola, "Mean teachers are better role
        /// models", 2017).
        let kept: Float

        init(_ optimiser: AdamW, share: Float, rate: Float, step: Int) {
            self.optimiser = optimiser
            self.share = share
            self.rate = rate
            first = 1 - Self.power(optimiser.firstDecay, step)
            second = 1 - Self.power(optimiser.secondDecay, step)
            kept = min(optimiser.averageDecay, Float(step) / Float(step + 9))
        }

        func apply(to parameter: inout LearnedParameter, by slopes: [Float]) {
            let (firstDecay, secondDecay) = (optimiser.firstDecay, optimiser.secondDecay)
            let shape = parameter.value.shape
            var weights = parameter.value.numbers
            // The only owner changes them in place.
            parameter.value = Tensor(shape: [0], [Float]())
            slopes.withUnsafeBufferPointer { slopes in
                weights.withUnsafeMutableBufferPointer { weights in
                    parameter.moments.withUnsafeMutableBufferPointer { means in
                        parameter.squares.withUnsafeMutableBufferPointer { squares in
                            parameter.average.withUnsafeMutableBufferPointer { averages in
                                for element in slopes.indices {
                                    let slope = share * slopes[element]
                                    let mean = firstDecay * means[element] + (1 - firstDecay) * slope
                                    let square = secondDecay * squares[element] + (1 - secondDecay) * slope * slope
                                    let deviation = (square / second).squareRoot() + optimiser.epsilon
                                    let weight = weights[element]
                                    let moved = weight - rate * (optimiser.decay * weight + mean / first / deviation)
                                    means[element] = mean
                                    squares[element] = square
                                    weights[element] = moved
                                    averages[element] += (1 - kept) * (moved - averages[element])
                                }
                            }
                        }
                    }
                }
            }
            parameter.value = Tensor(shape: shape, weights)
        }

        private static func power(_ base: Float, _ exponent: Int) -> Float {
            var (result, square, rest) = (1.0, Double(base), exponent)
            while rest > 0 {
                if rest & 1 == 1 { result *= square }
                square *= square
                rest >>= 1
            }
            return Float(result)
        }
    }
}
