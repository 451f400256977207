extension ConvolutionTranspose: DifferentiableOperator {
    public var learnedInputs: Range<Int> { 1..<3 }

    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let (data, filters) = (inputs.tensor(0).shape, inputs.tensor(1).shape)
        let sums = ConvolutionSums(
            try geometry(data: data, weights: filters), weights: filters, images: data[0], groups: groups)
        return [
            sums.output(input: gradient.elements, filters: inputs.floats(1), shape: data),
            sums.weights(output: inputs.floats(0), input: gradient.elements), gradient.channelSums(),
        ]
    }
}
