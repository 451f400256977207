import NeuralNetworks

/// Steps of learning with labels that are drawn once: what they cost.
public final class LearningSteps {
    private let training: TrainingGraph
    private let network: any TrainableNetwork
    private var state: LearningState
    private let loss: any Loss
    private let truths: Tensor
    private let threads: Int

    /// What goes in.
    public var inputs: [NetworkPort] { network.inputs }

    /// - Throws: ``EngineError`` or ``GraphError`` for a network that cannot be trained.
    public init(
        _ graph: Graph, inputShapes: [String: Shape], engine: any TrainingEngine, precision: Precision = .float32,
        threads: Int
    ) throws {
        self.threads = threads
        training = try TrainingGraph(graph, inputShapes: inputShapes)
        network = try engine.compile(training, precision: precision, threads: threads)
        state = LearningState(training, of: graph)
        let shape = network.outputs[0].type.shape
        loss = shape.rank == 4 ? BinaryCrossEntropy() : CrossEntropy()
        var random = SplitMix64(seed: 2)
        let classes = shape.rank > 1 ? shape[1] : 1
        truths = Tensor(
            shape: shape,
            (0..<shape.elementCount).map { index -> Float in
                shape.rank == 4
                    ? (random.next(below: 2) == 0 ? 0 : 1) : (index % classes == index / classes % classes ? 1 : 0)
            })
    }

    /// Makes one: forwards, the loss, back, and the optimiser.
    public func make(_ inputs: [Tensor]) throws {
        let outputs = try network.forward(inputs, parameters: state.parameters)
        let gradient = loss.value(of: outputs[0], truths: truths).gradient
        AdamW().update(&state, by: try network.backward(from: [gradient]), rate: 1e-5, threads: threads)
        state.follow(
            Array(outputs.dropFirst(training.answerCount)), counts: training.statistics.map(\.count),
            momentum: LearningSettings.momentum)
    }
}
