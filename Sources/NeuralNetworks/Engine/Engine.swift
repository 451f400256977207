/// What computes networks: the plain ``ReferenceEngine``, or a faster one that is held against it.
///
/// ```swift
/// let network = try engine.compile(graph, inputShapes: ["image": [1, 3, 512, 512]])
/// let context = try network.makeContext()
/// try context.run(pixels.span, into: &logits)
/// ```
public protocol Engine: Sendable {
    /// Its name and version, such as `oneDNN 2.6.3`: recorded as the provenance of every result.
    var version: String { get }

    /// What it computes with on this processor, such as `avx512_core_bf16`: other instruction sets round otherwise.
    var instructionSet: String { get }

    /// Makes a network ready to run for inputs of fixed shapes.
    ///
    /// - Parameters:
    ///   - inputShapes: a shape for each input that has a symbolic dimension.
    ///   - threads: how many threads one run may use. Results do not depend on it, but the code that an engine makes
    ///     for the layers may.
    /// - Throws: ``EngineError`` for shapes that do not fit the graph, or a precision that this processor lacks.
    func compile(
        _ graph: consuming Graph, inputShapes: [String: Shape], precision: Precision, threads: Int
    ) throws(EngineError) -> any CompiledNetwork
}

extension Engine {
    /// The same with what is most often wanted: one thread, `float32`, and the shapes that the graph has.
    public func compile(
        _ graph: consuming Graph, inputShapes: [String: Shape] = [:], precision: Precision = .float32
    ) throws(EngineError) -> any CompiledNetwork {
        try compile(consume graph, inputShapes: inputShapes, precision: precision, threads: 1)
    }
}
