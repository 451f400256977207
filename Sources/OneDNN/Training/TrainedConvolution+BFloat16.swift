import NeuralNetworks

/// Products of bfloat16 with sums of 32 bits, by matrices (AMX): what goes in is rounded as it is copied, and all that comes out is of
/// 32 bits, as are the weights that the optimiser moves. What is not multiplied by matrices is faster in 32 bits.
///
/// Source: Kalamkar et al., "A study of bfloat16 for deep learning training", 2019.
extension TrainedConvolution {
    /// Below it matrices are mostly empty.
    private static let leastChannels = 8

    /// As oneDNN's matrices want them.
    private func images(_ extents: [Int], _ type: DataType) throws -> MemoryDescriptor {
        try MemoryDescriptor(extents, type, .channelsLast)
    }

    /// The forward side; nil where it is not wanted, or not multiplied by matrices.
    func narrow(
        _ attributes: borrowing Attributes, _ builder: borrowing TrainingBuilder
    ) throws -> PrimitiveDescriptor? {
        guard builder.precision == .bfloat16, problem.groups == 1,
            min(problem.source[1], problem.destination[1]) >= Self.leastChannels
        else { return nil }
        return try PrimitiveDescriptor.convolution(
            problem, from: images(problem.source, .bfloat16), weights: .bfloat16,
            to: images(problem.destination, .float32), attributes, builder.engine, where: Self.usesMatrices)
    }

    private static func usesMatrices(_ implementation: String) -> Bool { implementation.contains("amx") }

    func addForward(by narrow: borrowing PrimitiveDescriptor, to builder: inout TrainingBuilder) throws {
        let filters = try builder.weights(weights, from: plain, as: narrow.weights)
        let shift = try bias.map { try builder.value($0) } ?? builder.zeros(problem.destination[1])
        let source = try builder.value(passage.input, as: narrow.source)
        let result = builder.operand(narrow.destination)
        try builder.run(narrow, [(.source, source), (.weights, filters), (.bias, shift), (.destination, result)])
        // As layers of 32 bits like it.
        let placed = builder.place(output, try destinationBlocks)
        try builder.copy(result, to: placed)
    }

    /// Adds both backward sides.
    ///
    /// - Returns: false where they are not wanted, or one of them is not multiplied by matrices: then nothing was added.
    func addNarrow(_ gradient: TrainingOperand, to builder: inout TrainingBuilder) throws -> Bool {
        guard let forward = try narrow(Attributes(), builder) else { return false }
        let destination = try images(problem.destination, .bfloat16)
        let ofWeights = try PrimitiveDescriptor.convolutionBackward(
            .weights, problem, source: images(problem.source, .bfloat16), destination: destination, after: forward,
            builder.engine)
        let ofSource = try PrimitiveDescriptor.convolutionBackward(
            .source, problem, source: images(problem.source, .float32), weights: .bfloat16, destination: destination,
            after: forward, builder.engine)
        guard let ofWeights, let ofSource, Self.usesMatrices(ofWeights.implementation),
            Self.usesMatrices(ofSource.implementation)
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
