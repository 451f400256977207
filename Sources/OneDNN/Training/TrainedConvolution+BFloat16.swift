import NeuralNetworks

/// Products of bfloat16 with sums of 32 bits: what goes in is rounded as it is copied, and all that comes out is of 32 bits, as are
/// the weights that the optimiser moves.
///
/// Source: Kalamkar et al., "A study of bfloat16 for deep learning training", 2019.
extension TrainedConvolution {
    /// Below it blocks of channels are mostly empty.
    private static let leastChannels = 8

    private func blocks(_ extents: [Int], _ type: DataType) throws -> MemoryDescriptor {
        try MemoryDescriptor(extents, type, .blocks)
    }

    /// The forward side; nil where it is not wanted, or there is no generated code for it.
    func narrow(
        _ attributes: borrowing Attributes, _ builder: borrowing TrainingBuilder
    ) throws -> PrimitiveDescriptor? {
        guard builder.precision == .bfloat16, problem.groups == 1,
            min(problem.source[1], problem.destination[1]) >= Self.leastChannels
        else { return nil }
        return try PrimitiveDescriptor.convolution(
            problem, from: blocks(problem.source, .bfloat16), weights: .bfloat16,
            to: blocks(problem.destination, .float32), attributes, builder.engine, where: Self.isGenerated)
    }

    private static func isGenerated(_ implementation: String) -> Bool { !implementation.hasPrefix("ref") }

    /// Adds both backward sides.
    ///
    /// - Returns: false where they are not wanted, or one of them has no generated code: then nothing was added.
    func addNarrow(_ gradient: TrainingOperand, to builder: inout TrainingBuilder) throws -> Bool {
        guard let forward = try narrow(Attributes(), builder) else { return false }
        let destination = try blocks(problem.destination, .bfloat16)
        let ofWeights = try PrimitiveDescriptor.convolutionBackward(
            .weights, problem, source: blocks(problem.source, .bfloat16), destination: destination, after: forward,
            builder.engine)
        let ofSource = try PrimitiveDescriptor.convolutionBackward(
            .source, problem, source: blocks(problem.source, .float32), weights: .bfloat16, destination: destination,
            after: forward, builder.engine)
        guard let ofWeights, let ofSource, Self.isGenerated(ofWeights.implementation),
            Self.isGenerated(ofSource.implementation)
        else { return false }
        let read = try builder.copied(gradient, as: destination)
        if builder.learns(weights) || builder.learns(bias) {
            let data = try builder.value(passage.input, as: ofWeights.source)
            let filters = builder.operand(ofWeights.weightsGradient)
            let shift = builder.operand(try MemoryDescriptor([problem.destination[1]]))
            try builder.run(
                ofWeights,
                [(.source, data), (.destinationGradient, read), (.weightsGradient, filters), (.biasGradient, shift)])
            if builder.learns(weights) { builder.note(filters, asGradientOf: weights, plain: try plain) }
            if let bias, builder.learns(bias) { builder.note(shift, asGradientOf: bias) }
        }
        guard builder.learns(passage.input) else { return true }
        let filters = try builder.weights(weights, from: plain, as: ofSource.weights)
        let written = builder.operand(ofSource.sourceGradient)
        try builder.run(
            ofSource, [(.destinationGradient, read), (.weights, filters), (.sourceGradient, written)])
        builder.addGradient(written, of: passage.input)
        return true
    }
}
