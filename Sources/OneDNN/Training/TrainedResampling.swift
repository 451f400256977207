import NeuralNetworks

/// An image made larger by whole factors.
struct TrainedResampling: TrainingLayer {
    private let passage: Passage
    private let function: ResamplingFunction
    private let factors: [Float]

    var output: String { passage.output }

    init?(_ node: Graph.Node, _ builder: borrowing TrainingBuilder) {
        guard let operation = node.operation as? Resize, let function = operation.primitive,
            let passage = Passage(node, builder), 3...5 ~= passage.data.rank, operation.axes == nil,
            passage.data.dimensions.prefix(2) == passage.result.dimensions.prefix(2)
        else { return nil }
        factors = zip(passage.result.dimensions, passage.data.dimensions).dropFirst(2).map { Float($0) / Float($1) }
        let scales = node.inputs.count > 2 ? builder.constant(node.inputs[2])?.floats ?? [] : []
        guard factors.allSatisfy({ $0 >= 1 && $0 == $0.rounded() }), scales.isEmpty || scales == [1, 1] + factors
        else { return nil }
        self.passage = passage
        self.function = function
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let source = try builder.value(passage.input)
        let layout = try TrainingBuilder.layout(passage.result)
        guard
            let descriptor = try PrimitiveDescriptor.learnedResampling(
                function, factors: factors, source: source.descriptor, destination: layout, builder.engine)
        else { throw EngineError(.library, "oneDNN has no resampling for \(passage.output)") }
        let result = builder.place(passage.output, layout)
        try builder.run(descriptor, [(.source, source), (.destination, result)])
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        let source = try builder.value(passage.input).descriptor
        guard
            let forward = try PrimitiveDescriptor.learnedResampling(
                function, factors: factors, source: source, destination: gradient.descriptor, builder.engine),
            let descriptor = try PrimitiveDescriptor.learnedResampling(
                function, factors: factors, source: source, destination: gradient.descriptor, after: forward.handle,
                builder.engine)
        else { throw EngineError(.library, "oneDNN has no gradient of the resampling for \(passage.output)") }
        let result = builder.operand(source)
        try builder.run(descriptor, [(.destinationGradient, gradient), (.sourceGradient, result)])
        builder.addGradient(result, of: passage.input)
    }
}
