import Synchronization

/// Another engine that keeps some of the inputs that one network is run with: what it really sees, for a calibration.
///
/// Each run is as likely to be kept as any other; the same runs in the same order keep the same.
public final class RecordingEngine: Engine {
    private let engine: any Engine
    private let weights: [String: Tensor]
    private let limit: Int
    private let kept = Mutex(Sample())

    private struct Sample {
        var inputs: [Tensor] = []
        var runs = 0
        var random = SplitMix64(seed: 0)
    }

    /// - Parameters:
    ///   - graph: the network whose inputs are kept, known by its weights.
    ///   - limit: the most inputs that are kept.
    public init(_ engine: any Engine, of graph: Graph, limit: Int) {
        self.engine = engine
        weights = graph.initializers
        self.limit = limit
    }

    /// What was kept.
    public var inputs: [Tensor] { kept.withLock { $0.inputs } }

    public var version: String { engine.version }
    public var instructionSet: String { engine.instructionSet }

    public func compile(
        _ graph: consuming Graph, inputShapes: [String: Shape], precision: Precision, threads: Int
    ) throws(EngineError) -> any CompiledNetwork {
        let isWanted = graph.initializers == weights
        let network = try engine.compile(
            consume graph, inputShapes: inputShapes, precision: precision, threads: threads)
        return isWanted ? RecordingNetwork(network: network, recorder: self) : network
    }

    fileprivate func note(_ input: Tensor) {
        kept.withLock { sample in
            sample.runs += 1
            if sample.inputs.count < limit {
                sample.inputs.append(input)
            } else {
                let place = Int.random(in: 0..<sample.runs, using: &sample.random)
                if place < limit { sample.inputs[place] = input }
            }
        }
    }
}

private struct RecordingNetwork: CompiledNetwork {
    let network: any CompiledNetwork
    let recorder: RecordingEngine

    var inputs: [NetworkPort] { network.inputs }
    var outputs: [NetworkPort] { network.outputs }
    var precision: Precision { network.precision }
    var layers: [LayerDescription] { network.layers }
    var arenaByteCount: Int { network.arenaByteCount }
    var weightByteCount: Int { network.weightByteCount }

    func makeContext() throws(EngineError) -> any ExecutionContext {
        RecordingContext(try network.makeContext(), recorder)
    }
}

private final class RecordingContext: ExecutionContext {
    private let context: any ExecutionContext
    private let recorder: RecordingEngine

    init(_ context: any ExecutionContext, _ recorder: RecordingEngine) {
        self.context = context
        self.recorder = recorder
    }

    var network: any CompiledNetwork { context.network }

    func execute(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer]) throws(EngineError) {
        if let port = network.inputs.first, let address = inputs.first {
            recorder.note(Tensor(port.type, copying: address))
        }
        try context.execute(inputs, into: outputs)
    }

    func layerTimes(of runs: () throws(EngineError) -> Void) throws(EngineError) -> [Duration] {
        try context.layerTimes(of: runs)
    }
}
