import NeuralNetworks

/// All that a training is at one step: the next one depends on nothing else, for what is random is counted, not remembered.
public struct LearningState: Sendable, Hashable {
    /// Steps made.
    public internal(set) var step = 0
    /// Steps in all; 0 until it is known.
    public internal(set) var steps: Int
    /// In the order of ``TrainingGraph/parameters``.
    public internal(set) var parameters: [Tensor]
    var firstMoments: [[Float]]
    var secondMoments: [[Float]]
    /// The running mean of the parameters, which answers better than the last of them.
    public internal(set) var averages: [[Float]]
    /// Of batch normalisations: running means and variances, in the order of ``TrainingGraph/statistics``.
    public internal(set) var statistics: [[Float]]

    public init(parameters: [Tensor], statistics: [[Float]] = [], steps: Int = 0) {
        self.parameters = parameters
        self.steps = steps
        let zeros = parameters.map { [Float](repeating: 0, count: $0.shape.elementCount) }
        firstMoments = zeros
        secondMoments = zeros
        averages = parameters.map(\.numbers)
        self.statistics = statistics
    }

    /// Takes the parameters into their running mean, of which each step keeps `decay`, fewer of the first ones.
    ///
    /// Source: Tarvainen and Valpola, "Mean teachers are better role models", 2017.
    mutating func average(decay: Float) {
        let kept = min(decay, Float(step) / Float(step + 9))
        for index in averages.indices {
            let weights = parameters[index].numbers
            for element in weights.indices {
                averages[index][element] += (1 - kept) * (weights[element] - averages[index][element])
            }
        }
    }

    /// Takes a batch's means and variances into the running ones.
    ///
    /// - Parameter batch: a mean and a variance for each layer, as they come out of the network.
    mutating func follow(_ batch: [Tensor], counts: [Int], momentum: Float) {
        for (index, tensor) in batch.enumerated() {
            // PyTorch's running variance is that of a sample.
            let count = Float(counts[index / 2])
            let factor = index % 2 == 1 && count > 1 ? count / (count - 1) : 1
            for (element, value) in tensor.numbers.enumerated() {
                statistics[index][element] += momentum * (factor * value - statistics[index][element])
            }
        }
    }
}
