/// A network as learning sees it, for batches of one shape.
///
/// Batch normalisations take the mean and variance of the batch, and give them as further outputs; a dropout is a product with
/// a mask, which is a further input.
public struct TrainingGraph: Sendable {
    /// By what batch normalisations go.
    public enum Normalisation: Sendable, Hashable {
        /// The batch's own mean and variance.
        case batch
        /// The running ones, which stay as they are.
        case frozen
    }

    /// Where a batch normalisation's mean and variance are.
    public struct Statistics: Sendable, Hashable {
        /// The initializers of the running ones.
        public let mean, variance: String
        /// Numbers of which the batch's are taken, for each channel.
        public let count: Int
    }

    public let graph: Graph
    /// What is learned, in the order in which it is read: initializers that only layers' weights and biases are.
    public let parameters: [String]
    /// In the order of their outputs, each a mean and a variance, which follow on the network's own.
    public let statistics: [Statistics]
    /// Shares of what is dropped, in the order of the masks, which follow on the network's own inputs.
    public let dropped: [Float]
    /// The network's own outputs.
    public let answerCount: Int
    /// Those of the graph's inputs.
    public let inputShapes: [String: Shape]
    /// The graph with all types.
    public let typed: TypedGraph

    /// - Parameter inputShapes: a shape for each input that has a symbolic dimension.
    /// - Throws: ``GraphError`` for shapes that do not fit, or a graph without anything to learn.
    public init(
        _ network: Graph, inputShapes: [String: Shape], normalisation: Normalisation = .batch
    ) throws(GraphError) {
        let types = try network.inferred(inputShapes: inputShapes).types
        var graph = network
        var statistics: [Statistics] = []
        var dropped: [Float] = []
        var shapes = inputShapes
        for (index, node) in network.nodes.enumerated() {
            guard let input = node.inputs[0], let shape = types[input]?.shape, node.outputs[0] != nil else { continue }
            if let operation = node.operation as? BatchNormalization, normalisation == .batch,
                let mean = node.inputs[3], let variance = node.inputs[4]
            {
                let outputs = [node.outputs[0], "\(node.name)/batch-mean", "\(node.name)/batch-variance"]
                graph.nodes[index].operation = BatchNormalization(
                    epsilon: operation.epsilon, mode: .training(momentum: 0))
                graph.nodes[index].outputs = outputs
                let channels = shape.rank > 1 ? shape[1] : 1
                for name in outputs.dropFirst().compactMap(\.self) {
                    graph.outputs.append(Graph.Port(name: name, elementType: .float32, dimensions: [.fixed(channels)]))
                }
                statistics.append(
                    Statistics(mean: mean, variance: variance, count: shape.elementCount / max(channels, 1)))
            } else if node.operation is Dropout {
                let ratio = (node.inputs.count > 1 ? node.inputs[1] : nil).flatMap { network.initializers[$0]?.floats }
                let mask = "\(node.name)/mask"
                graph.inputs.append(
                    Graph.Port(
                        name: mask, elementType: .float32,
                        dimensions: [.symbolic(nil)] + shape.dimensions.dropFirst().map { .fixed($0) }))
                shapes[mask] = shape
                graph.nodes[index].operation = BinaryElementwise(.multiply)
                graph.nodes[index].inputs = [input, mask]
                graph.nodes[index].outputs = [node.outputs[0]]
                dropped.append(ratio?.first ?? 0.5)
            }
        }
        answerCount = network.outputs.count
        parameters = graph.learnedInitializers()
        guard !parameters.isEmpty else { throw GraphError(network.name, "has no weights that could be learned") }
        self.statistics = statistics
        self.dropped = dropped
        self.inputShapes = shapes
        typed = try graph.inferred(inputShapes: shapes)
        self.graph = graph
    }
}

extension Graph {
    /// Initializers that nodes read as what they learn, and nothing else reads.
    fileprivate func learnedInitializers() -> [String] {
        var learned: [String] = []
        var others = Set(outputs.map(\.name))
        for node in nodes {
            let positions = (node.operation as? any DifferentiableOperator)?.learnedInputs ?? 0..<0
            for (position, name) in node.inputs.enumerated() {
                guard let name, let tensor = initializers[name] else { continue }
                if positions.contains(position), tensor.elementType == .float32 {
                    if !learned.contains(name) { learned.append(name) }
                } else {
                    others.insert(name)
                }
            }
        }
        return learned.filter { !others.contains($0) }
    }
}
