import Testing

@testable import NeuralNetworks

@Suite struct GradientTests {
    /// Of each kind of operator.
    private static let draws = 580

    @Test(arguments: GradientCase.kinds.indices)
    func isTheSlopeOfSmallSteps(kind: Int) throws {
        var random = SplitMix64(seed: UInt64(kind) + 1)
        for draw in 0..<Self.draws {
            let example = try GradientCase.kinds[kind](&random)
            let output = try example.operation.evaluate(example.inputs)[0]
            let weights = random.tensor(output.shape)
            let gradients = try example.operation.gradients(of: example.inputs, output: output, from: weights)
            let directions = example.directions(&random)
            for index in example.inputs.indices {
                guard gradients.indices.contains(index), let gradient = gradients[index],
                    let direction = directions[index]
                else { continue }
                func value(at position: Float) throws -> Double {
                    var inputs = example.inputs
                    inputs[index] = inputs[index]?.combined(with: direction) { $0 + position * $1 }
                    let stepped = try example.operation.evaluate(inputs)[0]
                    return zip(stepped.elements, weights.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                }
                #expect(gradient.shape == example.inputs[index]?.shape)
                let slope = try (value(at: example.step) - value(at: -example.step)) / Double(2 * example.step)
                let expected = zip(gradient.elements, direction.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                let size = gradient.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                let scale = weights.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(
                    abs(slope - expected) <= 2e-3 * size + 5e-4 * scale,
                    "draw \(draw), input \(index) of \(example.operation): \(expected), but \(slope)")
            }
        }
    }

    @Test func oneOperatorWithoutAGradientIsNamed() throws {
        let graph = try Graph(
            name: "sorted", inputs: [Graph.Port(name: "x", elementType: .float32, dimensions: [.fixed(1), .fixed(2)])],
            outputs: [Graph.Port(name: "y", elementType: .float32, dimensions: [.fixed(1), .fixed(3)])],
            initializers: ["w": Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float])],
            nodes: [
                .init(name: "product", operation: Gemm(), inputs: ["x", "w"], outputs: ["p"]),
                .init(name: "hard", operation: Hardmax(), inputs: ["p"], outputs: ["y"]),
            ])
        let training = try TrainingGraph(graph, inputShapes: [:])
        let error = #expect(throws: EngineError.self) {
            try ReferenceTrainingEngine().compile(training, threads: 1)
        }
        #expect(error?.description == "hard: Hardmax has no gradient here")
    }

    @Test func aNetworkWithoutWeightsHasNothingToLearn() throws {
        let port = Graph.Port(name: "x", elementType: .float32, dimensions: [.fixed(1)])
        let graph = try Graph(
            name: "empty", inputs: [port],
            outputs: [Graph.Port(name: "y", elementType: .float32, dimensions: [.fixed(1)])],
            initializers: [:],
            nodes: [.init(name: "relu", operation: UnaryElementwise(.relu), inputs: ["x"], outputs: ["y"])])
        #expect(throws: GraphError.self) { try TrainingGraph(graph, inputShapes: [:]) }
    }
}
