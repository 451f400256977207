import NeuralNetworks

extension Lowering {
    mutating func lowerActivation(_ node: FusionGraph.Node, _ activation: Activation) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let source = try operand(input) else {
            return false
        }
        let written = try memory.destination(output, source.descriptor, imagewise: true, over: source)
        let name = try apply(activation, from: source, to: written)
        memory.place(output, written)
        describe(node, name, operationCount: source.descriptor.dimensions.reduce(1, *))
        return true
    }

    /// Replaces what lies at `operand` by its activation.
    mutating func apply(_ activation: Activation, to operand: Operand) throws(EngineError) {
        _ = try apply(activation, from: operand, to: operand)
    }

    /// - Returns: the implementation's name.
    private mutating func apply(
        _ activation: Activation, from source: Operand, to destination: Operand
    ) throws(EngineError) -> String {
        let isSplit = source.imageStride != nil || destination.imageStride != nil
        let images = isSplit ? source.descriptor.dimensions[0] : 1
        let layout = isSplit ? try source.descriptor.image() : source.descriptor
        guard let descriptor = try PrimitiveDescriptor.activation(activation, of: layout, engine) else {
            throw EngineError(.library, "oneDNN lacks an elementwise function")
        }
        try run(descriptor, [(.source, source), (.destination, destination)], repetitions: images)
        return descriptor.implementation
    }

    /// Adds, multiplies etc. two values, the second of which may be broadcast to the first.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerBinary(_ node: FusionGraph.Node, _ function: BinaryFunction) throws(EngineError) -> Bool {
        guard node.inputs.count == 2, let output = node.outputs[0], let shape = graph.shape(output),
            var left = node.inputs[0], var right = node.inputs[1]
        else { return false }
        if graph.shape(left) != shape || graph.constants[left] != nil, function.commutes {
            (left, right) = (right, left)
        }
        guard graph.shape(left) == shape, let broadcast = graph.shape(right), shape.rank > 0,
            let source = try operand(left)
        else { return false }
        if broadcast != shape, let rows = RowBroadcast(broadcast, to: shape), rows.inner > 1,
            rows.outer > 1 || broadcast.rank == shape.rank && broadcast[1] != shape[1] && 3...5 ~= shape.rank
        {
            return try lowerBinary(node, function, left, right, rows)
        }
        // oneDNN's fast kernels want both in one order: blocks of channels, channels last, or row-major.
        let type = source.descriptor.dataType
        let isImage = try liesAsImages(source.descriptor)
        let layout = isImage ? source.descriptor : try MemoryDescriptor(shape.dimensions, type)
        let dense = try read(left, as: layout) ?? source
        guard let other = try broadcastOperand(right, broadcast, to: shape, like: dense.descriptor) else {
            return false
        }
        // Numbers that differ from image to image and are broadcast within one: oneDNN is fast for one image only.
        let isGate = broadcast != shape && other.descriptor.dimensions[0] > 1
        let isSplit = isGate && dense.descriptor.isDensePerImage && other.descriptor.isDensePerImage
        let (image, numbers) =
            isSplit
            ? (try dense.descriptor.image(), try other.descriptor.image()) : (dense.descriptor, other.descriptor)
        let attributes = try Attributes(node.activation.map { [.activation($0)] } ?? [])
        guard let descriptor = try PrimitiveDescriptor.binary(function, image, numbers, attributes, engine) else {
            return false
        }
        let written = try memory.destination(output, dense.descriptor)
        try run(
            descriptor, [(.source, dense), (.secondSource, other), (.destination, written)],
            repetitions: isSplit ? shape[0] : 1)
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: shape.elementCount)
        return true
    }

    /// The same where the second is broadcast along the middle: oneDNN is fast for one of the outer positions at a time.
    private mutating func lowerBinary(
        _ node: FusionGraph.Node, _ function: BinaryFunction, _ left: String, _ right: String, _ rows: RowBroadcast
    ) throws(EngineError) -> Bool {
        guard let output = node.outputs[0], let shape = graph.shape(output), let own = graph.shape(right),
            shape.rank <= 6, let source = try read(left, as: MemoryDescriptor(shape.dimensions, dataType)),
            let other = try read(right, as: MemoryDescriptor(own.dimensions, dataType))
        else { return false }
        let whole = try MemoryDescriptor([rows.outer, rows.repeated, rows.inner], dataType)
        let row = try MemoryDescriptor([rows.outer, 1, rows.inner], dataType)
        let attributes = try Attributes(node.activation.map { [.activation($0)] } ?? [])
        guard
            let descriptor = try PrimitiveDescriptor.binary(function, whole.image(), row.image(), attributes, engine)
        else { return false }
        let written = try memory.destination(output, MemoryDescriptor(shape.dimensions, dataType))
        try run(
            descriptor,
            [
                (.source, Operand(descriptor: whole, location: source.location)),
                (.secondSource, Operand(descriptor: row, location: other.location)),
                (.destination, Operand(descriptor: whole, location: written.location)),
            ], repetitions: rows.outer)
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: shape.elementCount)
        return true
    }

    /// Whether a value lies in blocks of channels, or with its channels last.
    private func liesAsImages(_ layout: MemoryDescriptor) throws(EngineError) -> Bool {
        let extents = layout.dimensions
        guard 3...5 ~= extents.count else { return false }
        if try layout == MemoryDescriptor(extents, layout.dataType, .blocks) { return true }
        return try layout == MemoryDescriptor(extents, layout.dataType, .channelsLast)
    }

    /// A value with as many axes as `shape`, in the layout of its partner where it has the partner's shape, and in blocks
    /// of channels where its partner lies in them and it has one number a channel: otherwise oneDNN has no fast kernel.
    private mutating func broadcastOperand(
        _ name: String, _ own: Shape, to shape: Shape, like partner: MemoryDescriptor
    ) throws(EngineError) -> Operand? {
        if own == shape { return try read(name, as: partner) }
        let extents = [Int](repeating: 1, count: shape.rank - own.rank) + own.dimensions
        let type = partner.dataType
        var layout = MemoryDescriptor.Layout.rowMajor
        if 3...5 ~= shape.rank, extents[1] == shape[1], extents.dropFirst(2).allSatisfy({ $0 == 1 }) {
            if try partner == MemoryDescriptor(shape.dimensions, type, .blocks) { layout = .blocks }
        }
        let wanted = try MemoryDescriptor(extents, type, layout)
        if own.rank == shape.rank { return try read(name, as: wanted) }
        guard let value = try read(name, as: MemoryDescriptor(own.dimensions, type)) else { return nil }
        let plain = Operand(descriptor: try MemoryDescriptor(extents, type), location: value.location)
        guard plain.descriptor != wanted else { return plain }
        let copy = Operand(descriptor: wanted, location: memory.makeBuffer(byteCount: wanted.byteCount))
        try reorder(plain, to: copy)
        return copy
    }
}
