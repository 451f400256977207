import NeuralNetworks

extension Lowering {
    /// Joins values along an axis; nothing to do where the parts were written into it.
    mutating func lowerConcatenation(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Concatenation, let output = node.outputs[0],
            let shape = graph.shape(output)
        else { return false }
        if memory.location(of: output) != nil {
            describe(node, "in place", operationCount: 0)
            return true
        }
        if try lowerJoin(node, operation, shape) { return true }
        let parts = node.inputs.compactMap { $0 }.filter { graph.shape($0)?.elementCount != 0 }
        var operands: [Operand] = []
        for part in parts {
            guard let own = try operand(part) else { return false }
            var layout = own.descriptor
            if layout.dataType != dataType { layout = try MemoryDescriptor(layout.dimensions, dataType) }
            guard let operand = try read(part, as: layout) else { return false }
            operands.append(operand)
        }
        let axis = operation.axis < 0 ? operation.axis + shape.rank : operation.axis
        guard let descriptor = try PrimitiveDescriptor.concatenation(operands.map(\.descriptor), axis: axis, engine)
        else { return false }
        let layout = descriptor.destination
        let written = try memory.destination(output, layout)
        let arguments = operands.enumerated().map { (ArgumentRole.part($0.offset), $0.element) }
        try run(descriptor, arguments + [(.destination, written)])
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: 0)
        return true
    }

    /// Gives a row-major value other extents.
    mutating func lowerView(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let shape = graph.shape(output),
            node.outputs.dropFirst().allSatisfy({ $0 == nil }), let source = try operand(input)
        else { return false }
        if graph.shape(input) == shape {
            memory.place(output, source)
        } else {
            guard source.descriptor.dimensions.count <= 6, shape.rank <= 6,
                let plain = try read(
                    input, as: MemoryDescriptor(source.descriptor.dimensions, source.descriptor.dataType))
            else { return false }
            memory.place(
                output,
                Operand(
                    descriptor: try MemoryDescriptor(shape.dimensions, plain.descriptor.dataType),
                    location: plain.location))
        }
        describe(node, "view", operationCount: 0)
        return true
    }

    /// Puts the axes of a value into another order: a copy, but where channels go to the end or come from there.
    mutating func lowerTranspose(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Transpose, let input = node.inputs[0], let output = node.outputs[0],
            let data = graph.shape(input), let shape = graph.shape(output), 1...6 ~= data.rank,
            let own = try operand(input)
        else { return false }
        let type = own.descriptor.dataType
        let order = operation.permutation ?? (0..<data.rank).reversed()
        if 3...5 ~= data.rank, order == [0] + (2..<data.rank) + [1] {
            // What has its channels last is that already, read with its axes in their order.
            guard let last = try read(input, as: MemoryDescriptor(data.dimensions, type, .channelsLast)) else {
                return false
            }
            memory.place(
                output, Operand(descriptor: try MemoryDescriptor(shape.dimensions, type), location: last.location))
            describe(node, "view", operationCount: 0)
            return true
        }
        guard let plain = try read(input, as: MemoryDescriptor(data.dimensions, type)) else { return false }
        if 3...5 ~= data.rank, order == [0, data.rank - 1] + (1..<data.rank - 1) {
            let last = try MemoryDescriptor(shape.dimensions, type, .channelsLast)
            memory.place(output, Operand(descriptor: last, location: plain.location))
            describe(node, "view", operationCount: 0)
            return true
        }
        let strides = order.map { max(data.strides[$0], 1) }
        let turned = Operand(
            descriptor: try MemoryDescriptor(shape.dimensions, type, .strides(strides)), location: plain.location)
        let written = try memory.destination(output, MemoryDescriptor(shape.dimensions, type))
        try reorder(turned, to: written)
        memory.place(output, written)
        describe(node, "reorder", operationCount: 0)
        return true
    }
}
