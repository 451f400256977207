import NeuralNetworks

extension Lowering {
    /// A box cut out of a value, as a copy.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerSlice(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        let known = node.inputs.map { name in
            name.flatMap { name in
                graph.types[name].map { KnownValue(type: $0, constant: graph.constants[name]) }
            }
        }
        guard let operation = node.operation as? Slice, let input = node.inputs[0], let output = node.outputs[0],
            let cuts = try? operation.cuts(for: known), cuts.allSatisfy({ $0.step > 0 }),
            try copy(cuts, of: input, to: output)
        else { return false }
        describe(node, "reorder", operationCount: 0)
        return true
    }

    /// A value's parts along one axis, each as a copy.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerSplit(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Split, let input = node.inputs[0], let data = graph.shape(input),
            1...6 ~= data.rank, try operand(input) != nil
        else { return false }
        let parts = node.outputs.compactMap { output in graph.shape(output).map { (output, $0) } }
        guard parts.count == node.outputs.count, parts.allSatisfy({ $0.1.elementCount > 0 }) else { return false }
        let axis = operation.axis < 0 ? operation.axis + data.rank : operation.axis
        var first = 0
        for case (let output?, let shape) in parts {
            var cuts = shape.dimensions.map { Slice.Cut(first: 0, step: 1, count: $0) }
            cuts[axis] = Slice.Cut(first: first, step: 1, count: shape[axis])
            first += shape[axis]
            guard try copy(cuts, of: input, to: output) else {
                throw EngineError(.library, "oneDNN cannot copy a part of \(input)")
            }
        }
        describe(node, "reorder", operationCount: 0)
        return true
    }

    /// One position along an axis, which is dropped.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerGather(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Gather, let input = node.inputs[0], let output = node.outputs[0],
            let data = graph.shape(input), let shape = graph.shape(output), 1...6 ~= data.rank,
            shape.rank == data.rank - 1, let index = node.inputs[1].flatMap({ graph.constants[$0]?.integers })?.first
        else { return false }
        let axis = operation.axis < 0 ? operation.axis + data.rank : operation.axis
        let position = index < 0 ? index + data[axis] : index
        var cuts = data.dimensions.map { Slice.Cut(first: 0, step: 1, count: $0) }
        cuts[axis] = Slice.Cut(first: position, step: 1, count: 1)
        guard 0..<data[axis] ~= position, try copy(cuts, of: input, to: output), let own = try operand(output),
            let plain = try read(output, as: MemoryDescriptor(cuts.map(\.count), own.descriptor.dataType))
        else { return false }
        memory.place(
            output,
            Operand(
                descriptor: try MemoryDescriptor(shape.dimensions, own.descriptor.dataType), location: plain.location))
        describe(node, "view", operationCount: 0)
        return true
    }

    /// What `cuts` take of a row-major value, where that is one piece of it.
    private func view(_ cuts: [Slice.Cut], of own: Operand) throws(EngineError) -> Operand? {
        let extents = own.descriptor.dimensions
        let type = own.descriptor.dataType
        guard own.location.buffer != nil, own.imageStride == nil, cuts.allSatisfy({ $0.step == 1 }),
            try own.descriptor == MemoryDescriptor(extents, type),
            let cut = cuts.indices.first(where: { cuts[$0].count != 1 }),
            cuts.indices.dropFirst(cut + 1).allSatisfy({ cuts[$0].count == extents[$0] })
        else { return nil }
        let first = zip(cuts, Shape(extents).strides).reduce(0) { $0 + $1.0.first * $1.1 }
        return Operand(
            descriptor: try MemoryDescriptor(cuts.map(\.count), type),
            location: own.location.advanced(byBytes: first * type.byteCount))
    }

    /// Copies what `cuts` take of a value, in blocks of channels where it lies so and the cut keeps them whole; what is one
    /// piece of the value is taken where it lies.
    private mutating func copy(
        _ cuts: [Slice.Cut], of input: String, to output: String
    ) throws(EngineError) -> Bool {
        guard let own = try operand(input), 1...6 ~= cuts.count else { return false }
        if let view = try view(cuts, of: own) {
            memory.place(output, view)
            return true
        }
        let extents = cuts.map(\.count)
        let type = own.descriptor.dataType
        if cuts.allSatisfy({ $0.step == 1 }), own.imageStride == nil, 3...5 ~= cuts.count {
            let block = InstructionSet.current.channelBlock
            let blocked = try MemoryDescriptor(own.descriptor.dimensions, type, .channelBlocks(block))
            let keepsBlocks =
                cuts[1].first % block.rawValue == 0
                && (extents[1] % block.rawValue == 0 || cuts[1].first + extents[1] == own.descriptor.dimensions[1])
            if own.descriptor == blocked, keepsBlocks {
                let part = Operand(
                    descriptor: try own.descriptor.submemory(extents, at: cuts.map(\.first)), location: own.location)
                let written = try memory.destination(output, MemoryDescriptor(extents, type, .channelBlocks(block)))
                try reorder(part, to: written)
                memory.place(output, written)
                return true
            }
        }
        // oneDNN refuses strides that reach past the axis outside of theirs.
        guard zip(cuts, own.descriptor.dimensions).allSatisfy({ $0.count * $0.step <= $1 }),
            let plain = try read(input, as: MemoryDescriptor(own.descriptor.dimensions, type))
        else { return false }
        let strides = Shape(plain.descriptor.dimensions).strides
        let part = try MemoryDescriptor(extents, type, .strides(zip(strides, cuts).map { $0 * $1.step }))
            .moved(by: zip(strides, cuts).reduce(0) { $0 + $1.0 * $1.1.first })
        let written = try memory.destination(output, MemoryDescriptor(extents, type))
        try reorder(Operand(descriptor: part, location: plain.location), to: written)
        memory.place(output, written)
        return true
    }
}
