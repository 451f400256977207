import NeuralNetworks

/// Something that a step reads or writes.
struct Operand {
    /// The layout of the whole batch.
    var descriptor: MemoryDescriptor
    var location: Location
    /// Bytes from one image to the next, where the batch is not dense.
    var imageStride: Int? = nil
    /// Whether there is one for each image of the batch, unlike weights.
    var isBatch = true
}

extension NetworkBuilder {
    /// A new buffer of the arena.
    mutating func makeBuffer(byteCount: Int, for value: String? = nil) -> Location {
        buffers.append(byteCount)
        if let value { keep(value, in: buffers.count - 1) }
        return .arena(buffer: buffers.count - 1, byteOffset: 0)
    }

    /// A `float32` value as it lies; constants are stored plainly.
    mutating func operand(_ name: String) throws(EngineError) -> Operand? {
        if placements[name] == nil, let constant = graph.constants[name] {
            guard let elements = constant.floats, let plain = try Self.plainDescriptor(constant.type) else {
                return nil
            }
            let index = try constants.store(elements, plain, as: plain, engine)
            placements[name] = Placement(
                shape: constant.shape, descriptor: plain, location: .constant(index), imageStride: nil)
        }
        guard let placement = placements[name], let descriptor = placement.descriptor else { return nil }
        return Operand(descriptor: descriptor, location: placement.location, imageStride: placement.imageStride)
    }

    /// A `float32` value in the layout `wanted`, copied where it does not lie so.
    ///
    /// - Parameter imagewise: whether the reader takes one image after another, and so may read a batch
    ///   that is not dense.
    mutating func read(
        _ name: String, as wanted: MemoryDescriptor, imagewise: Bool = false
    ) throws(EngineError) -> Operand? {
        guard let operand = try operand(name) else { return nil }
        if operand.descriptor == wanted, imagewise || operand.imageStride == nil { return operand }
        if let copy = copies[name]?.first(where: { $0.descriptor == wanted }) {
            return Operand(descriptor: wanted, location: copy.location)
        }
        let location = makeBuffer(byteCount: wanted.byteCount, for: name)
        let copy = Operand(descriptor: wanted, location: location)
        try reorder(operand, to: copy)
        copies[name, default: []].append(
            Placement(shape: Shape(wanted.dimensions), descriptor: wanted, location: location))
        return copy
    }

    /// Where a node may write `name` in the layout `descriptor`.
    ///
    /// - Parameter imagewise: whether the writer makes one image after another, and so may write a batch
    ///   that is not dense.
    mutating func destination(
        _ name: String, _ descriptor: MemoryDescriptor, imagewise: Bool = false
    ) throws(EngineError) -> Operand {
        if let slice = try slice(for: name), slice.descriptor == descriptor, imagewise || slice.imageStride == nil {
            return slice
        }
        if let port = graph.outputs.firstIndex(of: name), concatenations.slice(of: name) == nil,
            try portDescriptor(name) == descriptor
        {
            return Operand(descriptor: descriptor, location: .output(port))
        }
        return Operand(descriptor: descriptor, location: makeBuffer(byteCount: descriptor.byteCount, for: name))
    }

    /// The part of a concatenation that is kept for `name`.
    mutating func slice(for name: String) throws(EngineError) -> Operand? {
        guard let slice = concatenations.slice(of: name), let shape = graph.shape(name),
            let whole = graph.shape(slice.whole)
        else { return nil }
        let block = InstructionSet.current.channelBlock
        let descriptor = try MemoryDescriptor(shape.dimensions, dataType, .channelBlocks(block))
        let wholeDescriptor = try MemoryDescriptor(whole.dimensions, dataType, .channelBlocks(block))
        // A concatenation may itself be a part of another one.
        var base = try self.slice(for: slice.whole)
        if base == nil {
            let buffer = wholes[slice.whole] ?? makeBuffer(byteCount: wholeDescriptor.byteCount).buffer
            wholes[slice.whole] = buffer
            base = buffer.map { Operand(descriptor: wholeDescriptor, location: .arena(buffer: $0, byteOffset: 0)) }
        }
        guard let base, let buffer = base.location.buffer else { return nil }
        for value in [name, slice.whole] { keep(value, in: buffer) }
        let images = max(shape[0], 1)
        let pixels = whole.dimensions.dropFirst(2).reduce(1, *)
        let offset = slice.channelOffset * pixels * dataType.byteCount
        return Operand(
            descriptor: descriptor, location: base.location.advanced(byBytes: offset),
            imageStride: images == 1 ? nil : base.imageStride ?? wholeDescriptor.byteCount / images)
    }

    /// Records that `name` now lies in `operand`.
    mutating func place(_ name: String, _ operand: Operand) {
        placements[name] = Placement(
            shape: graph.shape(name) ?? Shape(operand.descriptor.dimensions), descriptor: operand.descriptor,
            location: operand.location, imageStride: operand.imageStride)
        if let buffer = operand.location.buffer { keep(name, in: buffer) }
    }

    /// Brings a finished value to where else it must lie: its part of a concatenation, the caller's outputs.
    mutating func settle(_ name: String) throws(EngineError) {
        if let slice = try slice(for: name), placements[name]?.location != slice.location,
            let operand = try operand(name)
        {
            try reorder(operand, to: slice)
        }
        for (port, output) in graph.outputs.enumerated()
        where output == name && placements[name]?.location != .output(port) {
            try give(name, port)
        }
    }

    private mutating func give(_ name: String, _ port: Int) throws(EngineError) {
        guard let type = graph.types[name] else { return }
        if let operand = try operand(name), let layout = try portDescriptor(name) {
            try reorder(operand, to: Operand(descriptor: layout, location: .output(port)))
            return
        }
        var source = placements[name]?.location
        if source == nil, let constant = graph.constants[name] {
            source = .constant(try constants.store(constant, engine))
        }
        guard let source else { return }
        steps.append(.copy(from: source, to: .output(port), byteCount: type.byteCount))
    }

    /// Whether the elements at `location` may be overwritten by the node that is being lowered: they lie in
    /// the arena, and no value in their buffer is read afterwards.
    func isSpent(_ location: Location) -> Bool {
        guard let buffer = location.buffer else { return false }
        return lastUses[buffer] ?? -1 <= current
    }

    /// Notes that a value lies in a buffer.
    private mutating func keep(_ value: String, in buffer: Int) {
        lastUses[buffer] = max(lastUses[buffer] ?? -1, lastReads[value] ?? -1)
    }
}
