import NeuralNetworks

/// Turns a fused graph into the steps that compute it, node by node.
///
/// Each value is placed when the node that writes it is lowered: in the layout that the primitive chose, where the
/// ``MemoryPlan`` has room for it.
struct Lowering: ~Copyable {
    let engine: Processor
    /// Loses the constants that have been stored.
    private(set) var graph: FusionGraph
    let precision: Precision
    /// How many share one run.
    let threads: Int
    var memory: MemoryPlan
    var constants = ConstantStore()
    var steps: [Step] = []
    var layers: [LayerDescription] = []
    /// For each step, the index of the layer that it is of.
    private(set) var layersOfSteps: [Int] = []

    init(
        _ graph: consuming FusionGraph, precision: Precision, threads: Int, engine: consuming Processor
    ) throws(EngineError) {
        memory = try MemoryPlan(copy graph, precision == .bfloat16 ? .bfloat16 : .float32)
        let needed = Set(graph.nodes.flatMap(\.reads) + graph.outputs)
        graph.constants = graph.constants.filter { needed.contains($0.key) }
        self.graph = graph
        self.precision = precision
        self.threads = threads
        self.engine = engine
    }

    /// The element type of values between layers.
    var dataType: DataType { memory.dataType }

    /// Lowers every node in order.
    mutating func lowerAll() throws(EngineError) {
        for (index, name) in graph.inputs.enumerated() {
            if let layout = memory.ports[name] {
                let operand = Operand(descriptor: layout, location: .input(index))
                if layout.dataType.isInteger {
                    memory.placeLevels(name, operand)
                } else {
                    memory.place(name, operand)
                }
            } else {
                memory.place(name, at: .input(index))
            }
        }
        for name in graph.inputs { try settle(name) }
        for name in graph.outputs where graph.constants[name] != nil { try settle(name) }
        for (index, node) in graph.nodes.enumerated() {
            memory.node = index
            try lower(node)
            for name in node.outputs.compactMap({ $0 }) { try settle(name) }
            // Copies of the network's inputs are part of the first layer.
            layersOfSteps += Array(repeating: layers.count - 1, count: steps.count - layersOfSteps.count)
            for name in node.reads where memory.isLastRead(of: name) && !graph.outputs.contains(name) {
                graph.constants[name] = nil
                graph.integerWeights[name] = nil
            }
        }
    }

    /// Bytes of inputs or outputs of the graph.
    func portByteCounts(_ names: [String]) -> [Int] {
        names.map { memory.ports[$0]?.byteCount ?? graph.types[$0]?.byteCount ?? 0 }
    }
}
