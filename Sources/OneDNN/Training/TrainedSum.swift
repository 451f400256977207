import NeuralNetworks

/// The sum of two values of one shape, and the activation behind it.
struct TrainedSum: TrainingLayer {
    private let left, right: String
    /// What follows on it at once, and the value that it gives.
    private let activation: (activation: LearnedActivation, output: String)?
    let output: String

    init?(
        _ node: Graph.Node, _ builder: borrowing TrainingBuilder,
        activation: (activation: LearnedActivation, output: String)?
    ) {
        guard (node.operation as? BinaryElementwise)?.function == .add, let left = node.inputs[0],
            let right = node.inputs[1], let output = node.outputs[0], !builder.isConstant(left),
            !builder.isConstant(right), let shape = builder.shape(left), shape == builder.shape(right), shape.rank <= 6,
            shape.elementCount > 0
        else { return nil }
        self.left = left
        self.right = right
        self.activation = activation
        self.output = activation?.output ?? output
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let first = try builder.value(left)
        let second = try builder.value(right, as: first.descriptor)
        let operations = activation.map { [PostOperation.activation($0.activation.activation)] } ?? []
        guard
            let descriptor = try PrimitiveDescriptor.binary(
                .add, first.descriptor, second.descriptor, Attributes(operations), builder.engine)
        else { throw EngineError(.library, "oneDNN has no sum for \(output)") }
        let result = builder.place(output, first.descriptor)
        try builder.run(descriptor, [(.source, first), (.secondSource, second), (.destination, result)])
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        var gradient = gradient
        if let activation {
            gradient = try builder.backward(through: activation.activation, value: output, gradient)
        }
        for name in [left, right] where builder.learns(name) { builder.addGradient(gradient, of: name) }
    }
}

/// Values side by side along the channels.
struct TrainedConcatenation: TrainingLayer {
    private let parts: [String]
    private let shapes: [Shape]
    private let result: Shape
    let output: String

    init?(_ node: Graph.Node, _ builder: borrowing TrainingBuilder) {
        let parts = node.inputs.compactMap(\.self)
        let shapes = parts.compactMap { builder.shape($0) }
        guard let operation = node.operation as? Concatenation, let output = node.outputs[0],
            let result = builder.shape(output), 2...5 ~= result.rank,
            operation.axis == 1 || operation.axis == 1 - result.rank,
            shapes.count == parts.count, shapes.allSatisfy({ $0.elementCount > 0 })
        else { return nil }
        self.parts = parts
        self.shapes = shapes
        self.result = result
        self.output = output
    }

    /// Channel blocks can be cut only where whole blocks begin.
    private var layout: MemoryDescriptor {
        get throws {
            let block = InstructionSet.current.channelBlock.rawValue
            let isWhole = shapes.dropLast().allSatisfy { $0[1] % block == 0 }
            return isWhole ? try TrainingBuilder.layout(result) : try MemoryDescriptor(result.dimensions)
        }
    }

    /// The part of `whole` that each value is.
    private func cuts(_ whole: TrainingOperand) throws -> [TrainingOperand] {
        var channel = 0
        var cuts: [TrainingOperand] = []
        for shape in shapes {
            let origin = [0, channel] + [Int](repeating: 0, count: shape.rank - 2)
            cuts.append(
                TrainingOperand(
                    descriptor: try whole.descriptor.submemory(shape.dimensions, at: origin), buffer: whole.buffer))
            channel += shape[1]
        }
        return cuts
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let whole = builder.place(output, try layout)
        for (part, cut) in zip(parts, try cuts(whole)) { try builder.copy(builder.value(part), to: cut) }
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        for (part, cut) in zip(parts, try cuts(gradient)) where builder.learns(part) {
            let share = builder.operand(try builder.value(part).descriptor)
            try builder.copy(cut, to: share)
            builder.addGradient(share, of: part)
        }
    }
}
