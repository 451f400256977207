import NeuralNetworks

/// A network ready to run for inputs of fixed shapes: generated code, and weights in its layouts.
final class OneDNNNetwork: CompiledNetwork {
    let inputs: [NetworkPort]
    let outputs: [NetworkPort]
    let precision: Precision
    let layers: [LayerDescription]
    let arenaByteCount: Int
    let weightByteCount: Int

    /// Threads that one run uses: as many as asked for, but one where the layers are too small to share.
    let threads: Int
    /// A twin that keeps what is not a number; nil for a network that loses none.
    ///
    /// oneDNN's ReLU takes NaN for 0, and its maximum takes any number for the larger one, so that a network with one
    /// poisoned weight, or whose sums overflow, answers healthy numbers; ONNX Runtime and the reference answer NaN. Nothing
    /// is spent on that but a look at the processor's flags after a run (``InvalidOperations``). Where they tell of an invalid
    /// operation, the run is made again by this twin: with products by their definition, and all else by the operators' own
    /// plain ones. Where its answer holds NaN, that counts; else the first one does, to the bit.
    let careful: LazyNetwork?
    /// The same for half as many threads, for while others want their cores (``CoreWatch``); nil where it does not care.
    let narrower: LazyNetwork?
    /// In the order in which they run; each takes what the one before it gives.
    let parts: [NetworkPart]

    /// - Parameters:
    ///   - imagesAtOnce: of the batch, where images are independent: as many as there are at most; nil for the
    ///   fastest.
    ///   - yieldsCores: whether a run takes fewer threads while others want their cores.
    init(
        _ graph: consuming Graph, inputShapes: [String: Shape] = [:], precision: Precision = .float32,
        threads: Int = 1, imagesAtOnce: Int? = nil, keepsNaN: Bool = false, yieldsCores: Bool = false
    ) throws(EngineError) {
        if precision == .bfloat16 { try InstructionSet.current.requireBFloat16() }
        precondition(threads > 0, "a network runs on at least one thread")
        careful =
            keepsNaN
            ? nil
            : LazyNetwork(
                graph: copy graph, inputShapes: inputShapes, precision: .float32Exact, threads: threads, keepsNaN: true)
        let narrower = LazyNetwork(
            graph: copy graph, inputShapes: inputShapes, precision: precision, threads: max(threads / 2, 1),
            yieldsCores: true)
        let usesIntegers = precision == .float32 && !keepsNaN && InstructionSet.current.hasIntegerProducts
        var fusion = try FusionGraph(
            copy graph, inputShapes: inputShapes, keepsNaN: keepsNaN, usesIntegers: usesIntegers)
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
        self.parts = parts
        self.threads = parts.map { max($0.threads, $0.lanes) }.reduce(1, max)
        // Threads that have images of their own wait for nobody.
        let shared = parts.filter { $0.threads > 1 }.reduce(0) { $0 + $1.operationCount }
        let isShared = 2 * shared > parts.reduce(0) { $0 + $1.operationCount }
        self.narrower = isShared && yieldsCores ? narrower : nil
        layers = parts.flatMap(\.layers)
        let joints = parts.dropLast().map(\.outputByteCount).reduce(0, +)
        arenaByteCount = parts.map { $0.lanes * $0.arenaByteCount }.reduce(0, max) + joints
        weightByteCount = parts.map(\.weightByteCount).reduce(0, +)
    }

    func makeContext() throws(EngineError) -> any ExecutionContext { try OneDNNContext(self) }
}
