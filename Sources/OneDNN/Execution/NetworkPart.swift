import COneDNN
import NeuralNetworks

/// A stretch of a network's layers that runs for a few images of the batch at a time, compiled.
final class NetworkPart {
    /// How often the steps run, each time for the next images of the batch.
    let groups: Int
    let steps: [Step]
    let constants: [ConstantStore.Constant]
    let bufferOffsets: [Int]
    let arenaByteCount: Int
    let engine: Engine
    let layers: [LayerDescription]
    /// Bytes of each port, for all images of one group.
    let inputByteCounts, outputByteCounts: [Int]

    /// - Parameter graph: as many images as go through it at a time.
    init(_ graph: consuming FusionGraph, precision: Precision, threads: Int) throws(EngineError) {
        groups = graph.groups
        let (inputs, outputs) = (graph.inputs, graph.outputs)
        var builder = NetworkBuilder(consume graph, precision: precision, threads: threads, engine: try Engine())
        inputByteCounts = try builder.portByteCounts(inputs)
        outputByteCounts = try builder.portByteCounts(outputs)
        try builder.lowerAll()
        let plan = builder.arenaPlan()
        bufferOffsets = plan.offsets
        arenaByteCount = plan.byteCount
        layers = builder.layers.map { [groups] in $0.repeated(groups) }
        steps = builder.steps
        constants = builder.constants.constants
        engine = builder.engine
    }

    var weightByteCount: Int { constants.reduce(0) { $0 + $1.buffer.byteCount } }

    /// Bytes of what it gives, for the whole batch.
    var outputByteCount: Int { groups * outputByteCounts.reduce(0, +) }
}
