import NeuralNetworks

/// A fully connected layer.
struct TrainedInnerProduct: TrainingLayer {
    private let passage: Passage
    private let weights: String
    private let bias: String?
    private let isTransposed: Bool

    var output: String { passage.output }

    init?(_ node: Graph.Node, _ builder: borrowing TrainingBuilder) {
        let gemm = node.operation is MatrixMultiplication ? Gemm() : node.operation as? Gemm
        guard let gemm, !gemm.transposeA, gemm.alpha == 1, let passage = Passage(node, builder),
            passage.data.rank == 2, let weights = node.inputs[1], builder.shape(weights)?.rank == 2,
            builder.isConstant(weights)
        else { return nil }
        bias = node.inputs.count > 2 ? node.inputs[2] : nil
        if let bias {
            guard gemm.beta == 1, builder.isConstant(bias), builder.shape(bias)?.dimensions == [passage.result[1]]
            else { return nil }
        }
        self.passage = passage
        self.weights = weights
        isTransposed = gemm.transposeB
    }

    /// `[N, K]` as the caller has them.
    private var plain: MemoryDescriptor {
        get throws {
            let (columns, inner) = (passage.result[1], passage.data[1])
            return try MemoryDescriptor(
                [columns, inner], .float32, .strides(isTransposed ? [inner, 1] : [1, columns]))
        }
    }

    private func forward(_ engine: borrowing Processor) throws -> PrimitiveDescriptor {
        let (columns, inner) = (passage.result[1], passage.data[1])
        guard
            let found = try PrimitiveDescriptor.innerProduct(
                MemoryDescriptor(passage.data.dimensions), MemoryDescriptor([columns, inner], .float32, .any),
                bias: MemoryDescriptor([columns]), to: MemoryDescriptor(passage.result.dimensions), Attributes(), engine
            )
        else { throw EngineError(.library, "oneDNN has no product for \(passage.output)") }
        return found
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let descriptor = try forward(builder.engine)
        let filters = try builder.weights(weights, from: plain, as: descriptor.weights)
        let shift = try bias.map { try builder.value($0) } ?? builder.zeros(passage.result[1])
        try builder.run(descriptor, of: passage.input, filters, shift, to: output)
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        let forward = try forward(builder.engine)
        let anyWeights = try MemoryDescriptor([passage.result[1], passage.data[1]], .float32, .any)
        func descriptor(
            _ side: PrimitiveDescriptor.LearnedSide, _ engine: borrowing Processor
        ) throws -> PrimitiveDescriptor {
            guard
                let found = try PrimitiveDescriptor.innerProductBackward(
                    side, source: forward.source, weights: anyWeights, destination: gradient.descriptor, after: forward,
                    engine)
            else { throw EngineError(.library, "oneDNN has no gradient of the product for \(passage.output)") }
            return found
        }
        if builder.learns(weights) || builder.learns(bias) {
            let back = try descriptor(.weights, builder.engine)
            let source = try builder.value(passage.input, as: back.source)
            let filters = builder.operand(back.weightsGradient)
            let shift = builder.operand(try MemoryDescriptor([passage.result[1]]))
            try builder.run(
                back,
                [
                    (.source, source), (.destinationGradient, gradient), (.weightsGradient, filters),
                    (.biasGradient, shift),
                ])
            if builder.learns(weights) { builder.note(filters, asGradientOf: weights, plain: try plain) }
            if let bias, builder.learns(bias) { builder.note(shift, asGradientOf: bias) }
        }
        guard builder.learns(passage.input) else { return }
        let back = try descriptor(.source, builder.engine)
        let filters = try builder.weights(weights, from: plain, as: back.weights)
        let result = builder.operand(back.sourceGradient)
        try builder.run(back, [(.destinationGradient, gradient), (.weights, filters), (.sourceGradient, result)])
        builder.addGradient(result, of: passage.input)
    }
}
