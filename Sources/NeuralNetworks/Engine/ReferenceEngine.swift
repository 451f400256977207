/// The engine that defines what is right: each operator by its plain definition, one after the other. Slow.
public struct ReferenceEngine: Engine {
    public let version = "reference"
    public let instructionSet = "plain"

    public init() {}

    public func compile(
        _ graph: consuming Graph, inputShapes: [String: Shape], precision: Precision, threads: Int
    ) throws(EngineError) -> any CompiledNetwork {
        guard precision != .bfloat16 else {
            throw EngineError(.unsupportedPrecision, "the reference engine computes in float32 alone")
        }
        return try ReferenceNetwork(consume graph, inputShapes: inputShapes, precision: precision)
    }
}

/// A graph whose types are known, to be run node by node.
struct ReferenceNetwork: CompiledNetwork {
    let inputs: [NetworkPort]
    let outputs: [NetworkPort]
    let precision: Precision
    let layers: [LayerDescription]
    let weightByteCount: Int
    /// Values are made as they come.
    let arenaByteCount = 0
    let executor: ReferenceExecutor

    init(_ graph: consuming Graph, inputShapes: [String: Shape], precision: Precision) throws(EngineError) {
        let typed: TypedGraph
        do throws(GraphError) {
            typed = try graph.inferred(inputShapes: inputShapes)
        } catch {
            throw EngineError(.graph, error.description)
        }
        func ports(_ names: [String]) -> [NetworkPort] {
            names.compactMap { name in typed.types[name].map { NetworkPort(name: name, type: $0) } }
        }
        inputs = ports(graph.inputs.map(\.name))
        outputs = ports(graph.outputs.map(\.name))
        layers = typed.nodes.map { node in
            LayerDescription(
                name: node.name, operatorName: node.operation.name, fusedNodes: [], implementation: nil,
                precision: "float32",
                outputShape: node.outputs.first.flatMap { $0 }.flatMap { typed.types[$0]?.shape } ?? [],
                operationCount: 0)
        }
        weightByteCount = typed.constants.values.reduce(0) { $0 + $1.byteCount }
        self.precision = precision
        executor = ReferenceExecutor(consume graph)
    }

    func makeContext() throws(EngineError) -> any ExecutionContext { ReferenceContext(self) }
}

/// A ``ReferenceNetwork`` needs no room of its own.
private final class ReferenceContext: ExecutionContext {
    private let reference: ReferenceNetwork
    /// By the node's name; nil where nobody asks.
    private var times: [String: Duration]?

    var network: any CompiledNetwork { reference }

    init(_ network: ReferenceNetwork) { reference = network }

    func execute(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer]) throws(EngineError) {
        var tensors: [String: Tensor] = [:]
        for (port, address) in zip(reference.inputs, inputs) {
            tensors[port.name] = Tensor(port.type, copying: address)
        }
        let results: [String: Tensor]
        do throws(GraphError) {
            results = try reference.executor.run(tensors) { times?[$0.name, default: .zero] += $1 }
        } catch {
            throw EngineError(.graph, error.description)
        }
        for (port, address) in zip(reference.outputs, outputs) { results[port.name]?.copyBytes(to: address) }
    }

    func layerTimes(of runs: () throws(EngineError) -> Void) throws(EngineError) -> [Duration] {
        times = [:]
        defer { times = nil }
        try runs()
        return reference.layers.map { times?[$0.name] ?? .zero }
    }
}
