/// A network that an ``Engine`` made ready to run for inputs of fixed shapes.
///
/// Immutable, and shared by all threads; each thread runs it in an ``ExecutionContext`` of its own. The same inputs give
/// the same bits on every run, for any number of threads and contexts.
public protocol CompiledNetwork: Sendable {
    /// In the graph's order.
    var inputs: [NetworkPort] { get }
    /// In the graph's order.
    var outputs: [NetworkPort] { get }
    var precision: Precision { get }
    /// In the order in which they run.
    var layers: [LayerDescription] { get }
    /// Bytes that each context takes for values between layers and scratch.
    var arenaByteCount: Int { get }
    /// Bytes of the weights, as the layers want them.
    var weightByteCount: Int { get }

    /// Room to run this network in, for one thread at a time.
    func makeContext() throws(EngineError) -> any ExecutionContext
}

/// An input or output of a network, with the type that it was compiled for.
public struct NetworkPort: Sendable, Hashable {
    public let name: String
    public let type: TensorType

    public init(name: String, type: TensorType) {
        self.name = name
        self.type = type
    }
}
