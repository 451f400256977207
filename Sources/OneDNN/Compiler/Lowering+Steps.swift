import NeuralNetworks

extension Lowering {
    /// Appends a run of a primitive over the operands, once for each image where a batch is not dense.
    mutating func run(
        _ descriptor: borrowing PrimitiveDescriptor, _ arguments: [(role: ArgumentRole, operand: Operand)],
        repetitions: Int = 1
    ) throws(EngineError) {
        var list: [PrimitiveStep.Argument] = []
        for (role, operand) in arguments {
            var layout = operand.descriptor
            var stride = 0
            if repetitions > 1, operand.isBatch {
                stride = operand.imageStride ?? layout.byteCount / repetitions
                if layout.dimensions[0] == repetitions { layout = try layout.image() }
            }
            list.append(.init(role: role, descriptor: layout, location: operand.location, stride: stride))
        }
        let scratchpad = descriptor.scratchpad
        if scratchpad.byteCount > 0 {
            let location = memory.makeBuffer(byteCount: scratchpad.byteCount)
            list.append(.init(role: .scratchpad, descriptor: scratchpad, location: location, stride: 0))
        }
        steps.append(.primitive(PrimitiveStep(try Primitive(descriptor), list, repetitions: repetitions)))
    }

    /// Appends a copy from one layout to another.
    mutating func reorder(_ source: Operand, to destination: Operand) throws(EngineError) {
        try reorder(source, to: destination, Attributes())
    }

    /// - Parameter attributes: what becomes of the elements on the way.
    mutating func reorder(
        _ source: Operand, to destination: Operand, _ attributes: borrowing Attributes
    ) throws(EngineError) {
        let isSplit = source.imageStride != nil || destination.imageStride != nil
        let images = isSplit ? source.descriptor.dimensions[0] : 1
        let (from, to) =
            isSplit
            ? (try source.descriptor.image(), try destination.descriptor.image())
            : (source.descriptor, destination.descriptor)
        guard let descriptor = try PrimitiveDescriptor.reorder(from: from, to: to, attributes, engine) else {
            throw EngineError(.library, "oneDNN cannot copy between two layouts of a value")
        }
        try run(descriptor, [(.source, source), (.destination, destination)], repetitions: images)
    }
}
