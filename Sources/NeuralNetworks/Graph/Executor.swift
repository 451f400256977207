/// Computes a network's outputs from its inputs.
///
/// Implemented by ``ReferenceExecutor``, which defines what is right, and by faster executions
/// that are held against it.
public protocol Executor: Sendable {
    /// - Parameter inputs: a tensor for each of the graph's inputs, by name.
    /// - Returns: a tensor for each of the graph's outputs, by name.
    /// - Throws: ``GraphError`` where inputs do not fit the graph.
    func run(_ inputs: [String: Tensor]) throws(GraphError) -> [String: Tensor]
}
