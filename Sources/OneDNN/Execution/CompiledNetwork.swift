import COneDNN
import NeuralNetworks

/// A network ready to run for inputs of fixed shapes: generated code, and weights in its layouts.
///
/// Immutable, and shared by all threads; each thread runs it through an ``ExecutionContext`` of its own.
/// The same inputs give the same bits on every run, for any number of threads and contexts.
///
/// `@unchecked Sendable`: all members are set once in `init`. oneDNN's primitives are immutable and made to be
/// executed from many threads (their scratch memory lies in the contexts), and the weights' memory objects are
/// only read from then on.
public final class CompiledNetwork: @unchecked Sendable {
    /// A port of the network and the type that it was compiled for.
    public struct Port: Sendable, Hashable {
        public let name: String
        public let type: TensorType
    }

    public let inputs: [Port]
    public let outputs: [Port]
    public let precision: Precision
    /// Threads that one run uses: as many as asked for, but one where the layers are too small to share.
    public let threads: Int
    public let layers: [LayerDescription]
    /// Bytes that each context takes for values between layers and scratch.
    public let arenaByteCount: Int
    /// Bytes of the weights, as the layers want them.
    public let weightByteCount: Int

    /// In the order in which they run; each takes what the one before it gives.
    let parts: [NetworkPart]

    /// - Parameters:
    ///   - inputShapes: a shape for each input that has a symbolic dimension.
    ///   - threads: how many threads one run may use; results do not depend on it.
    /// - Throws: ``EngineError`` for shapes that do not fit the graph, or a precision that this processor lacks.
    public convenience init(
        _ graph: consuming Graph, inputShapes: [String: Shape] = [:], precision: Precision = .float32, threads: Int = 1
    ) throws(EngineError) {
        try self.init(
            consume graph, inputShapes: inputShapes, precision: precision, threads: threads, imagesAtOnce: nil)
    }

    /// - Parameter imagesAtOnce: of the batch, where images are independent: as many as there are at most; nil for the
    ///   fastest.
    init(
        _ graph: consuming Graph, inputShapes: [String: Shape] = [:], precision: Precision = .float32,
        threads: Int = 1, imagesAtOnce: Int?
    ) throws(EngineError) {
        if precision == .bfloat16, !InstructionSet.current.hasBFloat16 {
            throw EngineError(
                .unsupportedPrecision,
                "bfloat16 needs a processor with avx512_bf16; this one has \(InstructionSet.current.rawValue)")
        }
        precondition(threads > 0, "a network runs on at least one thread")
        var fusion = try FusionGraph(copy graph, inputShapes: inputShapes)
        fusion.fuse()
        inputs = fusion.ports(fusion.inputs)
        outputs = fusion.ports(fusion.outputs)
        let plan = fusion.batch.flatMap { batch in
            imagesAtOnce.map { BatchPlan(images: $0, of: batch, nodes: fusion.nodes.count) }
                ?? fusion.batchPlan(for: batch)
        }
        self.precision = precision
        var graphs = (consume fusion).parts(of: consume graph, plan)
        var parts: [NetworkPart] = []
        // One by one, so that each lets go of its weights when it has them as its layers want them.
        while !graphs.isEmpty {
            parts.append(try NetworkPart(graphs.removeFirst(), precision: precision, threads: threads))
        }
        self.threads = parts.map { max($0.threads, $0.lanes) }.reduce(1, max)
        self.parts = parts
        layers = parts.flatMap(\.layers)
        let joints = parts.dropLast().map(\.outputByteCount).reduce(0, +)
        arenaByteCount = parts.map { $0.lanes * $0.arenaByteCount }.reduce(0, max) + joints
        weightByteCount = parts.map(\.weightByteCount).reduce(0, +)
    }

    /// Room to run this network in, for one thread at a time.
    public func makeContext() throws(EngineError) -> ExecutionContext { try ExecutionContext(self) }
}

extension CompiledNetwork: Executor {
    /// Runs in a new context. Where one network runs many times, ``makeContext()`` once and run that.
    public func run(_ inputs: [String: Tensor]) throws(GraphError) -> [String: Tensor] {
        do throws(EngineError) {
            return try makeContext().run(inputs)
        } catch {
            throw GraphError(nil, error.description)
        }
    }
}
