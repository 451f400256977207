/// Runs a graph node by node with each operator's plain definition.
///
/// Slow, and the measure of what is right: ``Engine``s are held against it. Unlike them it also runs graphs whose values'
/// shapes are only known when they are computed.
public struct ReferenceExecutor: Sendable {
    private let graph: Graph
    private let byteLimit: Int
    /// For each node, the values that no later node reads.
    private let lastReads: [[String]]

    /// - Parameter byteLimit: the most bytes that all values alive at once may take, beside the weights.
    public init(_ graph: Graph, byteLimit: Int = Graph.defaultByteLimit) {
        self.graph = graph
        self.byteLimit = byteLimit
        var seen = Set(graph.outputs.map(\.name)).union(graph.initializers.keys)
        var lastReads: [[String]] = []
        for node in graph.nodes.reversed() {
            let values = Set((node.inputs + node.outputs).compactMap(\.self)).subtracting(seen)
            seen.formUnion(values)
            lastReads.append(values.sorted())
        }
        self.lastReads = lastReads.reversed()
    }

    /// - Parameters:
    ///   - inputs: a tensor for each of the graph's inputs, by name.
    ///   - observe: is told how long each node took.
    /// - Returns: a tensor for each of the graph's outputs, by name.
    /// - Throws: ``GraphError`` where inputs do not fit the graph.
    public func run(
        _ inputs: [String: Tensor], observe: (_ node: Graph.Node, _ time: Duration) -> Void = { _, _ in }
    ) throws(GraphError) -> [String: Tensor] {
        let values = try evaluate(inputs, observe)
        var outputs: [String: Tensor] = [:]
        for port in graph.outputs {
            guard let tensor = values[port.name], tensor.elementType == port.elementType else {
                throw GraphError(port.name, "is declared as \(port.elementType), but computed otherwise")
            }
            outputs[port.name] = tensor
        }
        return outputs
    }

    /// All values that are alive when the last node has run: the outputs among them.
    private func evaluate(
        _ inputs: [String: Tensor], _ observe: (Graph.Node, Duration) -> Void
    ) throws(GraphError) -> [String: Tensor] {
        try graph.check(inputs)
        var values = graph.initializers.merging(inputs) { _, input in input }
        var alive = 0
        for (node, finished) in zip(graph.nodes, lastReads) {
            let start = ContinuousClock.now
            let arguments = node.inputs.map { name in name.flatMap { values[$0] } }
            let types = try node.outputTypes(
                for: arguments.map { $0.map { KnownValue(type: $0.type, constant: $0) } }, byteLimit: byteLimit - alive)
            let results: [Tensor]
            do { results = try node.operation.evaluate(arguments) } catch {
                throw GraphError(node.name, "\(error)")
            }
            observe(node, ContinuousClock.now - start)
            precondition(results.map(\.type) == types, "\(node.operation.name) declared \(types)")
            for (name, result) in zip(node.outputs, results) {
                guard let name else { continue }
                values[name] = result
                alive += result.type.byteCount
            }
            for name in finished {
                if let value = values.removeValue(forKey: name), inputs[name] == nil { alive -= value.type.byteCount }
            }
        }
        return values
    }
}
