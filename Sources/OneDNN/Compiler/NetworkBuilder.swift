import NeuralNetworks

/// Turns a fused graph into the steps that compute it, node by node.
///
/// Each value gets a placement when the node that writes it is lowered: the layout that the primitive
/// chose, in a buffer of the arena. Lifetimes of buffers follow from the steps, at the end.
struct NetworkBuilder: ~Copyable {
    let engine: Processor
    /// Loses the constants that have been stored.
    private(set) var graph: FusionGraph
    let precision: Precision
    /// How many share one run.
    let threads: Int
    let concatenations: ConcatenationPlan

    var placements: [String: Placement] = [:]
    var constants = ConstantStore()
    var steps: [Step] = []
    var layers: [LayerDescription] = []
    /// Byte counts of the arena's buffers.
    var buffers: [Int] = []
    /// The last node that reads any of the values in each buffer.
    var lastUses: [Int: Int] = [:]
    /// Buffers of whole concatenations, by the value that the concatenation writes.
    var wholes: [String: Int] = [:]
    /// Values in other layouts than their own, made for readers that need them.
    var copies: [String: [Placement]] = [:]
    /// For each value, the last node that reads it.
    let lastReads: [String: Int]
    /// The node that is being lowered.
    var current = 0

    init(_ graph: consuming FusionGraph, precision: Precision, threads: Int, engine: consuming Processor) {
        var lastReads: [String: Int] = [:]
        for (index, node) in graph.nodes.enumerated() {
            for name in node.reads { lastReads[name] = index }
        }
        self.lastReads = lastReads
        self.graph = graph
        let outputs = Set(graph.outputs)
        self.graph.constants = graph.constants.filter { lastReads[$0.key] != nil || outputs.contains($0.key) }
        self.precision = precision
        self.threads = threads
        concatenations = ConcatenationPlan(graph, block: InstructionSet.current.channelBlock)
        self.engine = engine
    }

    /// The element type of values between layers.
    var dataType: DataType { precision == .bfloat16 ? .bfloat16 : .float32 }

    /// Lowers every node in order.
    mutating func lowerAll() throws(EngineError) {
        for (index, name) in graph.inputs.enumerated() {
            guard let type = graph.types[name] else { continue }
            placements[name] = Placement(
                shape: type.shape, descriptor: try portDescriptor(name), location: .input(index))
        }
        for name in graph.inputs { try settle(name) }
        for name in graph.outputs where graph.constants[name] != nil { try settle(name) }
        for (index, node) in graph.nodes.enumerated() {
            current = index
            try lower(node)
            for name in node.outputs.compactMap({ $0 }) { try settle(name) }
            for name in node.reads where lastReads[name] == index && !graph.outputs.contains(name) {
                graph.constants[name] = nil
            }
        }
    }

    /// The arena's layout for the lifetimes that the steps show.
    func arenaPlan() -> ArenaPlan {
        var plan = buffers.map { ArenaPlan.Buffer(byteCount: $0, lifetime: nil) }
        for (index, step) in steps.enumerated() {
            for buffer in step.buffers {
                plan[buffer].lifetime = (plan[buffer].lifetime?.lowerBound ?? index)...index
            }
        }
        return ArenaPlan(plan)
    }

    /// The layout of an input or output of the graph; nil where primitives cannot read it.
    func portDescriptor(_ name: String) throws(EngineError) -> MemoryDescriptor? {
        guard let type = graph.types[name] else { return nil }
        if graph.joints.contains(name) {
            let blocks = MemoryDescriptor.Layout.channelBlocks(InstructionSet.current.channelBlock)
            return try MemoryDescriptor(type.shape.dimensions, dataType, blocks)
        }
        return try Self.plainDescriptor(type)
    }

    /// Bytes of inputs or outputs of the graph.
    func portByteCounts(_ names: [String]) throws(EngineError) -> [Int] {
        var counts: [Int] = []
        for name in names {
            counts.append(try portDescriptor(name)?.byteCount ?? graph.types[name]?.byteCount ?? 0)
        }
        return counts
    }

    /// The layout in which callers and plain operators have a value; nil where primitives cannot read it.
    static func plainDescriptor(_ type: TensorType) throws(EngineError) -> MemoryDescriptor? {
        guard type.elementType == .float32, type.shape.elementCount > 0, type.shape.rank <= 6 else { return nil }
        return try MemoryDescriptor(type.shape.dimensions)
    }
}
