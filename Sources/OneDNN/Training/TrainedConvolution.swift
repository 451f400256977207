import CConvolution
import NeuralNetworks

/// A convolution, plain or transposed, and the activation behind it.
struct TrainedConvolution: TrainingLayer {
    let passage: Passage
    let problem: ConvolutionProblem
    let weights: String
    let bias: String?
    /// What follows on it at once, and the value that it gives.
    private let activation: (activation: LearnedActivation, output: String)?

    var output: String { activation?.output ?? passage.output }

    init?(
        _ node: Graph.Node, _ builder: borrowing TrainingBuilder,
        activation: (activation: LearnedActivation, output: String)?
    ) {
        guard let passage = Passage(node, builder), 3...5 ~= passage.data.rank, let weights = node.inputs[1],
            let filters = builder.shape(weights), builder.isConstant(weights)
        else { return nil }
        bias = node.inputs.count > 2 ? node.inputs[2] : nil
        if let bias, !builder.isConstant(bias) { return nil }
        let problem: ConvolutionProblem?
        switch node.operation {
        case let operation as Convolution:
            problem = try? ConvolutionProblem(operation, data: passage.data, filters: filters, output: passage.result)
        case let operation as ConvolutionTranspose:
            problem = try? ConvolutionProblem(operation, data: passage.data, filters: filters, output: passage.result)
        default: problem = nil
        }
        guard let problem else { return nil }
        self.problem = problem
        self.passage = passage
        self.weights = weights
        self.activation = activation
    }

    var plain: MemoryDescriptor {
        get throws { try MemoryDescriptor(problem.weights, .float32, .strides(problem.weightsStrides)) }
    }

    private var sourceBlocks: MemoryDescriptor {
        get throws { try MemoryDescriptor(problem.source, .float32, .blocks) }
    }

    var destinationBlocks: MemoryDescriptor {
        get throws { try MemoryDescriptor(problem.destination, .float32, .blocks) }
    }

    /// The forward side by the first layouts for which there is generated code; the same one each time.
    private func forward(
        _ attributes: borrowing Attributes, _ engine: borrowing Processor
    ) throws -> PrimitiveDescriptor {
        for layouts in problem.layouts {
            if let found = try PrimitiveDescriptor.convolution(
                problem, .float32, layouts, attributes, engine, where: { !$0.hasPrefix("ref") })
            {
                return found
            }
        }
        guard let plain = try PrimitiveDescriptor.convolution(problem, .float32, .any, attributes, engine) else {
            throw EngineError(.library, "oneDNN has no convolution for \(passage.output)")
        }
        return plain
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let operations = activation.map { [PostOperation.activation($0.activation.activation)] } ?? []
        if let narrow = try narrow(Attributes(operations), builder) {
            return try addForward(by: narrow, to: &builder)
        }
        if let winograd = LearnedWinograd(problem, pieces: builder.pieces),
            let ending = activation.map(\.activation.activation.ending) ?? (1, .infinity)
        {
            let source = try builder.value(passage.input, as: sourceBlocks).buffer
            let shift = try bias.map { try builder.value($0) } ?? builder.zeros(problem.destination[1])
            let result = builder.place(output, try destinationBlocks).buffer
            winograd.add(
                .init(
                    source: source, weights: try builder.value(weights).buffer, bias: shift.buffer, result: result,
                    ending: ending), to: &builder)
            return
        }
        let descriptor = try forward(Attributes(operations), builder.engine)
        let filters = try builder.weights(weights, from: plain, as: descriptor.weights)
        let shift = try bias.map { try builder.value($0) } ?? builder.zeros(problem.destination[1])
        try builder.run(descriptor, of: passage.input, filters, shift, to: output)
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        var gradient = gradient
        if let activation {
            gradient = try builder.backward(through: activation.activation, value: activation.output, gradient)
        }
        if try addNarrow(gradient, to: &builder) { return }
        let forward = try forward(Attributes(), builder.engine)
        if builder.learns(weights) || builder.learns(bias) {
            try addWeights(gradient, after: forward, to: &builder)
        }
        guard builder.learns(passage.input) else { return }
        if let winograd = LearnedWinograd(problem, isTurned: true, pieces: builder.pieces) {
            let read = try builder.copied(gradient, as: destinationBlocks).buffer
            let shift = try builder.zeros(problem.source[1]).buffer
            let written = builder.operand(try sourceBlocks)
            winograd.add(
                .init(
                    source: read, weights: try builder.value(weights).buffer, bias: shift, result: written.buffer),
                to: &builder)
            builder.addGradient(written, of: passage.input)
            return
        }
        let given = try builder.value(passage.input).descriptor
        guard let descriptor = try backward(.source, given, gradient.descriptor, after: forward, builder.engine) else {
            throw EngineError(.library, "oneDNN has no gradient for \(passage.output)")
        }
        let filters = try builder.weights(weights, from: plain, as: descriptor.weights)
        let read = try builder.copied(gradient, as: descriptor.destinationGradient)
        let written = builder.operand(descriptor.sourceGradient)
        try builder.run(
            descriptor, [(.destinationGradient, read), (.weights, filters), (.sourceGradient, written)])
        builder.addGradient(written, of: passage.input)
    }

    private func addWeights(
        _ gradient: TrainingOperand, after forward: borrowing PrimitiveDescriptor, to builder: inout TrainingBuilder
    ) throws {
        if let depthwise = DepthwiseGradient(problem) { return try addWeights(gradient, by: depthwise, to: &builder) }
        if let winograd = WinogradCorrelation(problem, pieces: builder.pieces) {
            return try addWeights(gradient, by: winograd, to: &builder)
        }
        let source = try builder.value(passage.input).descriptor
        guard let descriptor = try backward(.weights, source, gradient.descriptor, after: forward, builder.engine)
        else { throw EngineError(.library, "oneDNN has no gradient of the weights for \(passage.output)") }
        let data = try builder.value(passage.input, as: descriptor.source)
        let read = try builder.copied(gradient, as: descriptor.destinationGradient)
        let filters = builder.operand(descriptor.weightsGradient)
        let shift = builder.operand(try MemoryDescriptor([problem.destination[1]]))
        try builder.run(
            descriptor,
            [(.source, data), (.destinationGradient, read), (.weightsGradient, filters), (.biasGradient, shift)])
        if builder.learns(weights) { builder.note(filters, asGradientOf: weights, plain: try plain) }
        if let bias, builder.learns(bias) { builder.note(shift, asGradientOf: bias) }
    }

    private func addWeights(
        _ gradient: TrainingOperand, by winograd: WinogradCorrelation, to builder: inout TrainingBuilder
    ) throws {
        let data = try builder.value(passage.input, as: sourceBlocks).buffer
        let read = try builder.copied(gradient, as: destinationBlocks).buffer
        if builder.learns(weights) {
            builder.note(try winograd.add(data, read, &builder), asGradientOf: weights)
        }
        guard let bias, builder.learns(bias) else { return }
        let shift = builder.operand(try MemoryDescriptor([problem.destination[1]]))
        let channels = ChannelBlocks(Shape(problem.destination)).raw
        builder.add(
            .kernel([read, shift.buffer]) { memory, piece in
                channel_totals(channels, memory.floats(read, piece: piece), memory.floats(shift.buffer, piece: piece))
            })
        builder.note(shift, asGradientOf: bias)
    }

    private func addWeights(
        _ gradient: TrainingOperand, by depthwise: DepthwiseGradient, to builder: inout TrainingBuilder
    ) throws {
        let data = try builder.value(passage.input, as: sourceBlocks).buffer
        let read = try builder.copied(gradient, as: destinationBlocks).buffer
        let filters = builder.operand(try plain)
        let shift = builder.operand(try MemoryDescriptor([problem.destination[1]]))
        builder.add(
            .kernel([data, read, filters.buffer, shift.buffer]) { memory, piece in
                depthwise.sums(
                    of: memory.floats(data, piece: piece), memory.floats(read, piece: piece),
                    weights: memory.floats(filters.buffer, piece: piece),
                    bias: memory.floats(shift.buffer, piece: piece))
            })
        if builder.learns(weights) { builder.note(filters, asGradientOf: weights) }
        if let bias, builder.learns(bias) { builder.note(shift, asGradientOf: bias) }
    }

    /// With the layouts that the values have where there is generated code for them, else as it likes.
    private func backward(
        _ side: PrimitiveDescriptor.LearnedSide, _ source: MemoryDescriptor, _ destination: MemoryDescriptor,
        after forward: borrowing PrimitiveDescriptor, _ engine: borrowing Processor
    ) throws -> PrimitiveDescriptor? {
        let anySource = try MemoryDescriptor(problem.source, .float32, .any)
        let anyDestination = try MemoryDescriptor(problem.destination, .float32, .any)
        for (from, to) in [(source, destination), (anySource, destination), (anySource, anyDestination)] {
            let found = try PrimitiveDescriptor.convolutionBackward(
                side, problem, source: from, destination: to, after: forward, engine)
            if let found, !found.implementation.hasPrefix("ref") { return found }
        }
        return try PrimitiveDescriptor.convolutionBackward(
            side, problem, source: anySource, destination: anyDestination, after: forward, engine)
    }
}
