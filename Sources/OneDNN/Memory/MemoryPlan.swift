import NeuralNetworks

/// Something that a step reads or writes.
struct Operand {
    /// The layout of the whole batch.
    var descriptor: MemoryDescriptor
    var location: Location
    /// Bytes from one image to the next, where something else lies between them: a part of a concatenation of several
    /// images. Nil where the batch is dense.
    var imageStride: Int? = nil
    /// Whether there is one for each image of the batch, unlike weights.
    var isBatch = true
}

/// Where each value of a graph lies when the network runs, and which values share memory.
///
/// A value lies where the caller has it, among the constants, or in a buffer of the arena. A buffer may hold several: views
/// of a value, the parts of a concatenation, and what was written over a value that nobody reads any more. Whoever lowers a
/// node asks here where to write, and says here where a value came to lie.
struct MemoryPlan {
    private struct Buffer {
        let byteCount: Int
        /// The last node that reads any of the values in it; -1 where none does.
        var lastRead = -1
    }

    /// Of values between layers.
    let dataType: DataType
    /// The layouts of the graph's inputs and outputs; none for those that primitives cannot read.
    let ports: [String: MemoryDescriptor]
    private let outputs: [String]
    private let concatenations: ConcatenationPlan
    /// For each value, the last node that reads it.
    private let lastReads: [String: Int]

    /// The node that is being lowered.
    var node = 0
    /// Where each value lies, and how; those that primitives cannot read are row-major.
    private var places: [String: (location: Location, operand: Operand?)] = [:]
    /// Where the levels of values lie, channels last.
    private var levels: [String: Operand] = [:]
    /// Values in other layouts than their own, made for readers that need them.
    private var copies: [String: [Operand]] = [:]
    private var buffers: [Buffer] = []

    init(_ graph: FusionGraph, _ dataType: DataType) throws(EngineError) {
        self.dataType = dataType
        outputs = graph.outputs
        concatenations = ConcatenationPlan(graph, block: InstructionSet.current.channelBlock)
        lastReads = graph.lastReads()
        var ports: [String: MemoryDescriptor] = [:]
        for name in graph.inputs + graph.outputs {
            guard let type = graph.types[name] else { continue }
            if !graph.joints.contains(name) {
                ports[name] = try MemoryDescriptor.plain(type)
            } else if graph.levels.contains(name), let grid = graph.grids[name] {
                ports[name] = try MemoryDescriptor(type.shape.dimensions, grid.type, .channelsLast)
            } else {
                ports[name] = try MemoryDescriptor(type.shape.dimensions, dataType, .blocks)
            }
        }
        self.ports = ports
    }

    /// Whether the node that is being lowered is the last one to read `name`.
    func isLastRead(of name: String) -> Bool { lastReads[name] == node }

    /// A new buffer of the arena, which holds `value`, or what only one step needs.
    mutating func makeBuffer(byteCount: Int, for value: String? = nil) -> Location {
        buffers.append(Buffer(byteCount: byteCount))
        let location = Location.arena(buffer: buffers.count - 1, byteOffset: 0)
        if let value { keep(value, at: location) }
        return location
    }

    /// Where a value lies; nil where it has not been computed.
    func location(of name: String) -> Location? { places[name]?.location }

    /// A value that primitives can read, as it lies.
    func operand(_ name: String) -> Operand? { places[name]?.operand }

    /// Notes where a value lies that has been computed.
    mutating func place(_ name: String, _ operand: Operand) {
        places[name] = (operand.location, operand)
        keep(name, at: operand.location)
    }

    /// The same for a value that primitives cannot read.
    mutating func place(_ name: String, at location: Location) {
        places[name] = (location, nil)
        keep(name, at: location)
    }

    /// A value's levels, where they have been computed.
    func levels(of name: String) -> Operand? { levels[name] }

    /// Notes where a value's levels lie.
    mutating func placeLevels(_ name: String, _ operand: Operand) {
        levels[name] = operand
        keep(name, at: operand.location)
    }

    /// A value's copy in the layout `layout`, if a reader has made it.
    func copy(of name: String, in layout: MemoryDescriptor) -> Operand? {
        copies[name]?.first { $0.descriptor == layout }
    }

    /// Where a value's copy shall lie, for this reader and later ones.
    mutating func makeCopy(of name: String, in layout: MemoryDescriptor) -> Operand {
        let copy = Operand(descriptor: layout, location: makeBuffer(byteCount: layout.byteCount, for: name))
        copies[name, default: []].append(copy)
        return copy
    }

    /// Notes that a buffer is needed as long as a value.
    private mutating func keep(_ value: String, at location: Location) {
        guard let buffer = location.buffer, let lastRead = lastReads[value] else { return }
        buffers[buffer].lastRead = max(buffers[buffer].lastRead, lastRead)
    }

    /// The arena's layout, for the lifetimes that the steps show.
    func arenaPlan(_ steps: [Step]) -> ArenaPlan {
        var plan = buffers.map { ArenaPlan.Buffer(byteCount: $0.byteCount, lifetime: nil) }
        for (index, step) in steps.enumerated() {
            for buffer in step.buffers {
                plan[buffer].lifetime = (plan[buffer].lifetime?.lowerBound ?? index)...index
            }
        }
        return ArenaPlan(plan)
    }
}

// Where nodes write
extension MemoryPlan {
    /// Where a node writes `name` in the layout `layout`: where the value must lie at last, if it may lie there so; else over
    /// a value that is not needed any more; else in a buffer of its own.
    ///
    /// - Parameters:
    ///   - imagewise: whether the writer makes one image after another, and so may write a batch that is not dense.
    ///   - spent: what the node reads element by element, and so may write over if nobody reads it later.
    ///   - source: what else it reads, in another order.
    mutating func destination(
        _ name: String, _ layout: MemoryDescriptor, imagewise: Bool = false, over spent: Operand? = nil,
        reading source: Operand? = nil
    ) throws(EngineError) -> Operand {
        func fits(_ operand: Operand) -> Bool {
            operand.descriptor == layout && (imagewise || operand.imageStride == nil)
        }
        if let slice = try slice(for: name) {
            if fits(slice) { return slice }
        } else if let port = outputs.firstIndex(of: name), ports[name] == layout {
            return Operand(descriptor: layout, location: .output(port))
        }
        if let spent, fits(spent), let buffer = spent.location.buffer, buffers[buffer].lastRead <= node,
            buffer != source?.location.buffer
        {
            return spent
        }
        return Operand(descriptor: layout, location: makeBuffer(byteCount: layout.byteCount, for: name))
    }

    /// The part of a concatenation that is kept for `name`; nil where there is none.
    mutating func slice(for name: String) throws(EngineError) -> Operand? {
        guard let slice = concatenations.slice(of: name) else { return nil }
        let whole = try concatenation(slice.whole, slice.wholeShape)
        keep(name, at: whole.location)
        let images = max(slice.shape[0], 1)
        let pixels = slice.shape.dimensions.dropFirst(2).reduce(1, *)
        return Operand(
            descriptor: try MemoryDescriptor(slice.shape.dimensions, dataType, .blocks),
            location: whole.location.advanced(byBytes: slice.channelOffset * pixels * dataType.byteCount),
            imageStride: images == 1 ? nil : whole.imageStride ?? whole.descriptor.byteCount / images)
    }

    /// The concatenation `name` whose parts are written in place, and which may itself be a part of another one.
    private mutating func concatenation(_ name: String, _ shape: Shape) throws(EngineError) -> Operand {
        if let placed = operand(name) { return placed }
        let layout = try MemoryDescriptor(shape.dimensions, dataType, .blocks)
        let whole =
            try slice(for: name) ?? Operand(descriptor: layout, location: makeBuffer(byteCount: layout.byteCount))
        place(name, whole)
        return whole
    }
}
