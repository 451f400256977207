/// The training engine that defines what is right: each operator's plain definition and chain rule, one after the other. Slow.
public struct ReferenceTrainingEngine: TrainingEngine {
    public let version = "reference"

    public init() {}

    /// In 32 bits, whatever the precision: what others are held against.
    public func compile(
        _ graph: TrainingGraph, precision: Precision, threads: Int
    ) throws -> any TrainableNetwork {
        try ReferenceTrainableNetwork(graph)
    }
}

private final class ReferenceTrainableNetwork: TrainableNetwork {
    let inputs: [NetworkPort]
    let outputs: [NetworkPort]
    private let training: TrainingGraph
    /// Values that depend on a parameter.
    private let learning: Set<String>
    /// Of the batch that went forwards last.
    private var values: [String: Tensor] = [:]

    init(_ training: TrainingGraph) throws {
        self.training = training
        learning = try training.valuesOfParameters()
        inputs = training.ports(training.graph.inputs)
        outputs = training.ports(training.graph.outputs)
    }

    func forward(_ inputs: [Tensor], parameters: [Tensor]) throws -> [Tensor] {
        values = training.graph.initializers
        for (name, tensor) in zip(training.parameters, parameters) { values[name] = tensor }
        for (port, tensor) in zip(training.graph.inputs, inputs) { values[port.name] = tensor }
        for node in training.graph.nodes {
            let arguments = node.inputs.map { name in name.flatMap { values[$0] } }
            let results = try attempt(node) { try node.operation.evaluate(arguments) }
            for (name, result) in zip(node.outputs, results) { if let name { values[name] = result } }
        }
        return outputs.compactMap { values[$0.name] }
    }

    func backward(from gradients: [Tensor]) throws -> [Tensor] {
        var sums: [String: Tensor] = [:]
        func add(_ gradient: Tensor, to name: String) {
            sums[name] = sums[name]?.combined(with: gradient, +) ?? gradient
        }
        for (port, gradient) in zip(outputs, gradients) { add(gradient, to: port.name) }
        for node in training.graph.nodes.reversed() {
            guard let name = node.outputs[0], learning.contains(name), let output = values[name],
                let gradient = sums.removeValue(forKey: name),
                let operation = node.operation as? any DifferentiableOperator
            else { continue }
            let arguments = node.inputs.map { name in name.flatMap { values[$0] } }
            let shares = try attempt(node) {
                try operation.gradients(of: arguments, output: output, from: gradient)
            }
            for (name, share) in zip(node.inputs, shares) {
                if let name, let share, learning.contains(name) { add(share, to: name) }
            }
        }
        return training.parameters.map { name in
            sums[name] ?? Tensor(zeros: TensorType(elementType: .float32, shape: values[name]?.shape ?? []))
        }
    }

    private func attempt<Result>(
        _ node: Graph.Node, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch {
            throw EngineError(.graph, "\(node.name): \(error)")
        }
    }
}

extension TrainingGraph {
    /// The parameters, and all values that depend on them.
    ///
    /// - Throws: ``EngineError`` naming the nodes among them that have no gradient.
    package func valuesOfParameters() throws -> Set<String> {
        var learning = Set(parameters)
        var problems: [String] = []
        for node in graph.nodes where node.inputs.contains(where: { $0.map(learning.contains) ?? false }) {
            // What a shape is computed from does not change with the elements.
            if let output = node.outputs[0], typed.types[output]?.elementType != .float32 { continue }
            guard node.operation is any DifferentiableOperator, let output = node.outputs[0] else {
                problems.append("\(node.name): \(node.operation.name) has no gradient here")
                continue
            }
            learning.insert(output)
        }
        guard problems.isEmpty else { throw EngineError(.graph, problems.joined(separator: "; ")) }
        return learning
    }

    /// Those of the graph, with their types.
    package func ports(_ ports: [Graph.Port]) -> [NetworkPort] {
        ports.compactMap { port in typed.types[port.name].map { NetworkPort(name: port.name, type: $0) } }
    }
}
