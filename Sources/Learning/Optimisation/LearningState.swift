import NeuralNetworks

/// A weight tensor, and what is remembered of its steps.
struct LearnedParameter: Sendable, Hashable {
    var value: Tensor
    /// Running means of the gradient, and of its square.
    var moments, squares: [Float]
    /// The running mean of the value, which answers better than the last of them.
    var average: [Float]

    init(_ value: Tensor) {
        self.value = value
        moments = [Float](repeating: 0, count: value.shape.elementCount)
        squares = moments
        average = value.numbers
    }
}

/// All that a training is at one step: the next one depends on nothing else, for what is random is counted, not remembered.
public struct LearningState: Sendable, Hashable {
    /// Steps made.
    public internal(set) var step = 0
    /// Steps in all; 0 until it is known.
    public internal(set) var steps: Int
    /// In the order of ``TrainingGraph/parameters``.
    var learned: [LearnedParameter]
    /// Of batch normalisations: running means and variances, in the order of ``TrainingGraph/statistics``.
    public internal(set) var statistics: [[Float]]
    var history = LearningHistory()
    /// The averages and statistics with the lowest loss on the scans to try on, where that chooses the weights; else empty.
    var best: [[Float]] = []

    public init(parameters: [Tensor], statistics: [[Float]] = [], steps: Int = 0) {
        learned = parameters.map(LearnedParameter.init)
        self.statistics = statistics
        self.steps = steps
    }

    /// The weights and statistics of a network that nothing was learned of yet.
    init(_ training: TrainingGraph, of graph: Graph, steps: Int = 0) {
        self.init(
            parameters: training.parameters.compactMap { graph.initializers[$0] },
            statistics: training.statisticNames.map { graph.initializers[$0]?.floats ?? [] }, steps: steps)
    }

    /// The weights, in the order of ``TrainingGraph/parameters``.
    public var parameters: [Tensor] { learned.map(\.value) }

    /// The weights' running means, and the statistics: what a network answers by.
    var answering: [[Float]] { learned.map(\.average) + statistics }

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

extension TrainingGraph {
    /// The initializers of means and variances, in the order of a state's statistics.
    var statisticNames: [String] { statistics.flatMap { [$0.mean, $0.variance] } }
}
