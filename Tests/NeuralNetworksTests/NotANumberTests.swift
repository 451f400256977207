import NeuralNetworks
import Testing

/// Operators that compare elements keep what is not a number, as NumPy, PyTorch and ONNX Runtime do.
@Suite struct NotANumberTests {
    static let operators: [any Operator] = [
        UnaryElementwise(.relu), UnaryElementwise(.leakyRelu(alpha: 0.1)),
        UnaryElementwise(.hardSigmoid(alpha: 0.2, beta: 0.5)), UnaryElementwise(.hardSwish),
        UnaryElementwise(.softplus), GlobalPooling(.maximum), MaxPooling(window: Window(kernelShape: [2, 2])),
        Reduction(.maximum), Reduction(.minimum), Reduction(.logarithmOfExponentialSum), Softmax(axis: -1),
        VariadicElementwise(.maximum), VariadicElementwise(.minimum),
    ]

    @Test(arguments: operators.indices) func isKept(_ index: Int) throws {
        let operation = Self.operators[index]
        for place in 0..<4 {
            var elements: [Float] = [1, 2, 3, 4]
            elements[place] = .nan
            var inputs = [Tensor(shape: [1, 1, 2, 2], elements)]
            if operation is VariadicElementwise { inputs.append(Tensor(shape: [1], [2 as Float])) }
            let result = try operation.evaluate(inputs)[0]
            #expect(result.floats?.contains(where: \.isNaN) == true, "\(operation.name), element \(place)")
        }
    }
}
