import NeuralNetworks

/// A function of each element.
struct TrainedActivation: TrainingLayer {
    private let passage: Passage
    private let activation: LearnedActivation

    var output: String { passage.output }

    init?(_ node: Graph.Node, _ builder: borrowing TrainingBuilder) {
        guard let passage = Passage(node, builder), let activation = builder.activation(of: node),
            passage.data.rank <= 6
        else { return nil }
        self.passage = passage
        self.activation = activation
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let source = try builder.value(passage.input)
        guard
            let descriptor = try PrimitiveDescriptor.learnedActivation(
                activation, of: source.descriptor, builder.engine)
        else { throw EngineError(.library, "oneDNN has no function for \(passage.output)") }
        let result = builder.place(passage.output, source.descriptor)
        try builder.run(descriptor, [(.source, source), (.destination, result)])
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        let value = activation.readsOutput ? passage.output : passage.input
        builder.addGradient(
            try builder.backward(through: activation, value: value, gradient), of: passage.input)
    }
}

extension TrainingBuilder {
    /// The activation that a node of one data input computes, where oneDNN has it and its slope.
    func activation(of node: Graph.Node) -> LearnedActivation? {
        if node.operation is Clip {
            var limits: [Float?] = [nil, nil]
            for (index, name) in node.inputs.dropFirst().enumerated() {
                guard let name else { continue }
                guard let limit = constant(name)?.floats?.first else { return nil }
                limits[index] = limit
            }
            return Activation(node.operation, limits: (limits[0], limits[1])).flatMap(LearnedActivation.init)
        }
        return Activation(node.operation).flatMap(LearnedActivation.init)
    }

    /// The gradient on the other side of an activation.
    ///
    /// - Parameter value: what it gave, or what it took where its slope needs that.
    mutating func backward(
        through activation: LearnedActivation, value name: String, _ gradient: TrainingOperand
    ) throws -> TrainingOperand {
        let layout = gradient.descriptor
        guard let forward = try PrimitiveDescriptor.learnedActivation(activation, of: layout, engine),
            let descriptor = try PrimitiveDescriptor.learnedActivation(
                activation, of: layout, after: forward.handle, engine)
        else { throw EngineError(.library, "oneDNN has no slope for \(name)") }
        let seen = try value(name, as: layout)
        let result = operand(layout)
        try run(
            descriptor,
            [
                (activation.readsOutput ? .destination : .source, seen), (.destinationGradient, gradient),
                (.sourceGradient, result),
            ])
        return result
    }
}
