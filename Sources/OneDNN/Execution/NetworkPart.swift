import NeuralNetworks

/// A stretch of a network's layers that runs for a few images of the batch at a time, compiled.
///
/// `@unchecked Sendable`, for it holds handles of a C library: all members are set once in `init`. oneDNN's primitives are
/// immutable and made to be executed from many threads (their scratch memory lies in the contexts), and the weights'
/// memory objects are only read from then on.
final class NetworkPart: @unchecked Sendable {
    /// How often the steps run, each time for the next images of the batch.
    let groups: Int
    /// How many groups run at once, each on one thread; 1 where threads share the layers of a group.
    let lanes: Int
    /// Threads that share a layer.
    let threads: Int
    let steps: [Step]
    /// For each step, the index of the layer that it is of.
    let layersOfSteps: [Int]
    let constants: [ConstantStore.Constant]
    let bufferOffsets: [Int]
    let arenaByteCount: Int
    let engine: Processor
    let layers: [LayerDescription]
    /// Bytes of each port, for all images of one group.
    let inputByteCounts, outputByteCounts: [Int]

    /// - Parameter graph: as many images as go through it at a time.
    init(_ graph: consuming FusionGraph, precision: Precision, threads: Int) throws(EngineError) {
        groups = graph.groups
        // Where threads would wait for the last group, they share its layers.
        let isEven = groups % threads == 0 || groups >= 4 * threads
        lanes = isEven && graph.isWorthAThread ? threads : 1
        let threads = lanes > 1 || graph.isTiny ? 1 : threads
        self.threads = threads
        // Primitives are made for as many threads as there are at the time.
        Threads.use(threads)
        let (inputs, outputs) = (graph.inputs, graph.outputs)
        var lowering = try Lowering(consume graph, precision: precision, threads: threads, engine: try Processor())
        inputByteCounts = lowering.portByteCounts(inputs)
        outputByteCounts = lowering.portByteCounts(outputs)
        try lowering.lowerAll()
        let plan = lowering.memory.arenaPlan(lowering.steps)
        bufferOffsets = plan.offsets
        let line = AlignedBuffer.alignment
        arenaByteCount = (plan.byteCount + line - 1) / line * line
        layers = lowering.layers.map { [groups] in $0.repeated(groups) }
        steps = lowering.steps
        layersOfSteps = layers.isEmpty ? [] : lowering.layersOfSteps
        constants = lowering.constants.constants
        engine = lowering.engine
    }

    /// For the whole batch.
    var operationCount: Int { layers.reduce(0) { $0 + $1.operationCount } }

    var weightByteCount: Int { constants.reduce(0) { $0 + $1.buffer.byteCount } }

    /// Bytes of what it gives, for the whole batch.
    var outputByteCount: Int { groups * outputByteCounts.reduce(0, +) }
}
