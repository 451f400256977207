import NeuralNetworks

extension Lowering {
    /// A `float32` value as it lies; constants are stored plainly, and what lies as levels becomes numbers.
    mutating func operand(_ name: String) throws(EngineError) -> Operand? {
        if memory.location(of: name) == nil, let levels = memory.levels(of: name) {
            let extents = levels.descriptor.dimensions
            let layout = try MemoryDescriptor(extents, dataType, 3...5 ~= extents.count ? .blocks : .rowMajor)
            let numbers = Operand(
                descriptor: layout, location: memory.makeBuffer(byteCount: layout.byteCount, for: name))
            try dequantise(name, to: numbers)
            memory.place(name, numbers)
        }
        if memory.location(of: name) == nil, let constant = graph.constants[name] {
            guard let elements = constant.floats, let plain = try MemoryDescriptor.plain(constant.type) else {
                return nil
            }
            let index = try constants.store(elements, plain, as: plain, engine)
            memory.place(name, Operand(descriptor: plain, location: .constant(index)))
        }
        return memory.operand(name)
    }

    /// A `float32` value in the layout `wanted`, copied where it does not lie so.
    ///
    /// - Parameter imagewise: whether the reader takes one image after another, and so may read a batch
    ///   that is not dense.
    mutating func read(
        _ name: String, as wanted: MemoryDescriptor, imagewise: Bool = false
    ) throws(EngineError) -> Operand? {
        if memory.location(of: name) == nil, memory.levels(of: name) != nil {
            if let copy = memory.copy(of: name, in: wanted) { return copy }
            let copy = memory.makeCopy(of: name, in: wanted)
            try dequantise(name, to: copy)
            return copy
        }
        guard let operand = try operand(name) else { return nil }
        if operand.descriptor == wanted, imagewise || operand.imageStride == nil {
            // Equal but for strides of axes of one element, which oneDNN asks about where it looks for kernels.
            return Operand(
                descriptor: wanted, location: operand.location, imageStride: operand.imageStride,
                isBatch: operand.isBatch)
        }
        if let copy = memory.copy(of: name, in: wanted) { return copy }
        let copy = memory.makeCopy(of: name, in: wanted)
        try reorder(operand, to: copy)
        return copy
    }

    /// Brings a finished value to where else it must lie: its part of a concatenation, the caller's outputs.
    mutating func settle(_ name: String) throws(EngineError) {
        if let slice = try memory.slice(for: name), memory.location(of: name) != slice.location {
            if memory.location(of: name) == nil, memory.levels(of: name) != nil {
                try dequantise(name, to: slice)
                memory.place(name, slice)
            } else if let operand = try operand(name) {
                try reorder(operand, to: slice)
            }
        }
        for (port, output) in graph.outputs.enumerated()
        where output == name && memory.location(of: name) != .output(port)
            && memory.levels(of: name)?.location != .output(port)
        {
            try give(name, port)
        }
    }

    private mutating func give(_ name: String, _ port: Int) throws(EngineError) {
        guard let type = graph.types[name] else { return }
        if let layout = memory.ports[name], let levels = memory.levels(of: name) {
            let output = Operand(descriptor: layout, location: .output(port))
            if layout.dataType.isInteger { return try reorder(levels, to: output) }
            return try dequantise(name, to: output)
        }
        if let operand = try operand(name), let layout = memory.ports[name] {
            try reorder(operand, to: Operand(descriptor: layout, location: .output(port)))
            return
        }
        var source = memory.location(of: name)
        if source == nil, let constant = graph.constants[name] {
            source = .constant(try constants.store(constant, engine))
        }
        guard let source else { return }
        steps.append(.copy(from: source, to: .output(port), byteCount: type.byteCount))
    }
}
