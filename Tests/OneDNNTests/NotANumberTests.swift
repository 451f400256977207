import NeuralNetworks
import Testing

@testable import OneDNN

/// What is not a number reaches the outputs, wherever it comes from.
@Suite struct NotANumberTests {
    /// What a network does with a convolution's results.
    private static let endings: [(name: String, draw: @Sendable (inout Sketch, String) throws -> String)] = [
        ("Relu", { try $0.relu($1) }),
        ("LeakyRelu", { try $0.apply(UnaryElementwise(.leakyRelu(alpha: 0.1)), $1) }),
        ("Sigmoid", { try $0.apply(UnaryElementwise(.sigmoid), $1) }),
        ("HardSwish", { try $0.apply(UnaryElementwise(.hardSwish), $1) }),
        ("SiLU", { try $0.apply(BinaryElementwise(.multiply), $1, $0.apply(UnaryElementwise(.sigmoid), $1)) }),
        ("MaxPool", { try $0.apply(MaxPooling(window: Window(kernelShape: [2, 2], strides: [2, 2])), $1) }),
        ("GlobalMaxPool", { try $0.apply(GlobalPooling(.maximum), $1) }),
        ("Softmax", { try $0.apply(Softmax(axis: 1), $1) }),
        ("Relu, then a mean", { try $0.apply(GlobalPooling(.average), $0.relu($1)) }),
        ("two layers", { try $0.relu($0.convolution($0.relu($1), 16)) }),
    ]
    private static let names = endings.map(\.name)

    /// A convolution of 3 to `channels` channels with one weight replaced, and what follows it.
    private static func network(_ ending: String, weight: Float, channels: Int) throws -> Graph {
        var sketch = Sketch()
        let input = sketch.input([1, 3, 16, 16])
        var weights = (0..<channels * 3).map { Float($0 % 7) / 7 }
        weights[3] = weight
        let kernel = sketch.constant(Tensor(shape: [channels, 3, 1, 1], weights))
        let sums = try sketch.apply(Convolution(), input, kernel)
        let draw = try #require(endings.first { $0.name == ending }).draw
        let output = try draw(&sketch, sums)
        return try sketch.graph(output)
    }

    private static func positions(_ tensors: [String: Tensor]) -> [String: [Bool]] {
        tensors.mapValues { $0.floats?.map(\.isNaN) ?? [] }
    }

    @Test(arguments: names, [4, 32]) func reachesTheOutputsFromAWeight(_ ending: String, channels: Int) throws {
        let graph = try Self.network(ending, weight: .nan, channels: channels)
        let inputs = seededInputs(of: graph)
        let expected = Self.positions(try ReferenceExecutor(graph).run(inputs))
        #expect(expected.values.allSatisfy { $0.contains(true) })
        for precision in [Precision.float32, .float32Exact] {
            for threads in [1, 2] {
                let network = try OneDNNNetwork(graph, precision: precision, threads: threads)
                #expect(Self.positions(try network.run(inputs)) == expected, "\(precision) \(threads)")
            }
        }
        guard InstructionSet.current.hasBFloat16 else { return }
        let network = try OneDNNNetwork(graph, precision: .bfloat16)
        #expect(Self.positions(try network.run(inputs)) == expected)
    }

    /// Infinity less infinity, and an input that holds it already.
    @Test(arguments: names) func reachesTheOutputsFromTheMiddle(_ ending: String) throws {
        let graph = try Self.network(ending, weight: .infinity, channels: 32)
        let inputs = seededInputs(of: graph)
        let expected = Self.positions(try ReferenceExecutor(graph).run(inputs))
        #expect(Self.positions(try OneDNNNetwork(graph).run(inputs)) == expected)

        let healthy = try Self.network(ending, weight: 1, channels: 32)
        let poisoned = inputs.mapValues { tensor in
            var elements = tensor.floats ?? []
            elements[100] = .nan
            return Tensor(shape: tensor.shape, elements)
        }
        let wanted = Self.positions(try ReferenceExecutor(healthy).run(poisoned))
        let network = try OneDNNNetwork(healthy)
        #expect(Self.positions(try network.run(poisoned)) == wanted)
        #expect(Self.positions(try network.run(inputs)).values.allSatisfy { !$0.contains(true) })
    }

    /// Healthy networks are not run twice, but for those that divide: what fills up the last block of channels is 0 / 0.
    @Test(arguments: NetworkCase.all) func suspectsNoHealthyNetwork(_ network: NetworkCase) throws {
        let graph = try network.graph()
        guard !graph.nodes.contains(where: { ($0.operation as? BinaryElementwise)?.function == .divide }) else {
            return
        }
        for precision in [Precision.float32, .float32Exact] {
            let compiled = try OneDNNNetwork(graph, precision: precision)
            let results = try compiled.run(seededInputs(of: graph))
            let isHealthy = results.values.allSatisfy { !($0.floats?.contains(where: \.isNaN) ?? false) }
            #expect(compiled.careful?.isCompiled == !isHealthy, "\(network) \(precision)")
        }
    }
}
