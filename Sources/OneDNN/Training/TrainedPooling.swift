import NeuralNetworks

/// The largest element or the mean of windows, or of all.
struct TrainedPooling: TrainingLayer {
    private let passage: Passage
    private let function: PoolingFunction
    private let geometry: WindowGeometry
    /// Where the largest elements were.
    private var workspace: TrainingOperand?

    var output: String { passage.output }

    init?(_ node: Graph.Node, _ builder: borrowing TrainingBuilder) {
        guard let passage = Passage(node, builder), 3...5 ~= passage.data.rank,
            let (function, geometry) = PoolingFunction.pooling(node.operation, passage.data)
        else { return nil }
        self.passage = passage
        self.function = function
        self.geometry = geometry
    }

    mutating func addForward(to builder: inout TrainingBuilder) throws {
        let source = try builder.value(passage.input)
        let layout = try TrainingBuilder.layout(passage.result)
        guard
            let descriptor = try PrimitiveDescriptor.learnedPooling(
                function, geometry, source: source.descriptor, destination: layout, builder.engine)
        else { throw EngineError(.library, "oneDNN has no pooling for \(passage.output)") }
        let result = builder.place(passage.output, layout)
        var arguments: [TrainingStep.Argument] = [(.source, source), (.destination, result)]
        if descriptor.workspace.byteCount > 0 {
            let kept = builder.operand(descriptor.workspace)
            arguments.append((.workspace, kept))
            workspace = kept
        }
        try builder.run(descriptor, arguments)
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        let source = try builder.value(passage.input).descriptor
        guard
            let forward = try PrimitiveDescriptor.learnedPooling(
                function, geometry, source: source, destination: gradient.descriptor, builder.engine),
            let descriptor = try PrimitiveDescriptor.learnedPooling(
                function, geometry, source: source, destination: gradient.descriptor, after: forward.handle,
                builder.engine)
        else { throw EngineError(.library, "oneDNN has no gradient of the pooling for \(passage.output)") }
        let result = builder.operand(source)
        var arguments: [TrainingStep.Argument] = [(.destinationGradient, gradient), (.sourceGradient, result)]
        if let workspace { arguments.append((.workspace, workspace)) }
        try builder.run(descriptor, arguments)
        builder.addGradient(result, of: passage.input)
    }
}
