import NeuralNetworks

/// The fast engine: oneDNN's primitives, and convolution kernels of our own.
public struct OneDNNEngine: Engine {
    public init() {}

    public var version: String { LibraryVersion.current.description }

    /// The widest that the library uses on this processor.
    public var instructionSet: String { InstructionSet.current.rawValue }

    public func compile(
        _ graph: consuming Graph, inputShapes: [String: Shape], precision: Precision, threads: Int
    ) throws(EngineError) -> any CompiledNetwork {
        try LibraryVersion.current.check()
        return try OneDNNNetwork(
            consume graph, inputShapes: inputShapes, precision: precision, threads: threads, yieldsCores: true)
    }
}
