import NeuralNetworks

/// One node of a network that learns: the steps forwards, and those back.
protocol TrainingLayer {
    /// Adds what makes the node's output of its inputs.
    mutating func addForward(to builder: inout TrainingBuilder) throws

    /// Adds what makes the gradients with regard to the inputs and parameters of that with regard to the output.
    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws

    /// The value that the gradient is of.
    var output: String { get }
}

/// A layer that reads one value and writes one.
struct Passage {
    let input: String
    let output: String
    /// `[N, C, ...]`
    let data, result: Shape

    init?(_ node: Graph.Node, _ builder: borrowing TrainingBuilder) {
        guard let input = node.inputs[0], let output = node.outputs[0], let data = builder.shape(input),
            let result = builder.shape(output), data.elementCount > 0, result.elementCount > 0
        else { return nil }
        self.input = input
        self.output = output
        self.data = data
        self.result = result
    }
}
