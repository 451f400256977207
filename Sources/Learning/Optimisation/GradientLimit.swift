import Imaging
import NeuralNetworks

/// Keeps gradients from being larger all together than `limit`, by their Euclidean norm.
///
/// Source: Pascanu et al., "On the difficulty of training recurrent neural networks", 2013.
struct GradientLimit: Sendable, Hashable {
    let limit: Double

    /// What gradients, each the sum of `count`, are to be multiplied by, so that their means are no larger.
    func share(of gradients: [Tensor], averaging count: Int, threads: Int) -> Float {
        // Added in their order, whichever thread was first.
        let sums = concurrentMap(gradients.count, threads: threads) { index in
            gradients[index].numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        let norm = sums.reduce(0, +).squareRoot() / Double(count)
        return Float(min(1, limit / norm) / Double(count))
    }
}
