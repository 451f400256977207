import NeuralNetworks
import ONNX
import Testing

@testable import OneDNN

/// Networks of float32 written in integers, by the engine that then runs them.
@Suite struct QuantiserTests {
    /// A stem, a residual block, a decoder's join and a head: all that integers pass through.
    private static func graph(outlier: Float = 1) throws -> Graph {
        var sketch = Sketch()
        let x = sketch.input([1, 3, 16, 16])
        let stem = try sketch.relu(sketch.convolution(x, 16))
        let block = try sketch.convolution(sketch.relu(sketch.convolution(stem, 16)), 16)
        let sum = try sketch.relu(sketch.apply(BinaryElementwise(.add), block, stem))
        let pool = MaxPooling(window: Window(kernelShape: [2, 2], strides: [2, 2]))
        let small = try sketch.relu(sketch.convolution(sketch.apply(pool, sum), 32))
        let up = ConvolutionTranspose(window: Window(strides: [2, 2]))
        let large = try sketch.apply(up, small, sketch.constant([32, 16, 2, 2], scale: 0.2), sketch.constant([16]))
        let joined = try sketch.apply(Concatenation(axis: 1), sum, large)
        let head = try sketch.convolution(joined, 4, kernel: [1, 1])
        let output = try sketch.apply(UnaryElementwise(.sigmoid), head)
        var graph = try sketch.graph(output)
        // One weight that is far from all others of its channel takes their digits away.
        if outlier != 1, let name = graph.nodes[0].inputs[1], let weights = graph.initializers[name],
            var elements = weights.floats
        {
            let filter = elements.count / weights.shape[0]
            for channel in 0..<weights.shape[0] { elements[channel * filter] *= outlier }
            graph.initializers[name] = Tensor(shape: weights.shape, elements)
        }
        return graph
    }

    private static func inputs(_ graph: Graph) -> [Tensor] {
        (1...3).compactMap { seededInputs(of: graph, seed: $0)[graph.inputs[0].name] }
    }

    @Test func writesWhatTheFastEngineRunsInIntegers() throws {
        let graph = try Self.graph()
        let quantiser = Quantiser(graph)
        let calibration = try Calibration(quantiser, inputs: Self.inputs(graph), engine: OneDNNEngine())
        let (plan, deviation) = try calibration.plan(largestDeviation: 0.05)
        #expect(plan.sensitiveLayers.isEmpty && deviation > 0 && deviation <= 0.05)
        let written = try ONNXModel(data: ONNXModel.encode(quantiser.quantised(plan), producer: "test")).graph
        let inputs = seededInputs(of: graph, seed: 9)
        let expected = try #require(ReferenceExecutor(graph).run(inputs)[graph.outputs[0].name])
        let network = try OneDNNNetwork(written)
        let found = try #require(network.run(inputs)[written.outputs[0].name])
        #expect(try relativeDifference(found, expected) < 0.05)
        let plain = try #require(ReferenceExecutor(written).run(inputs)[written.outputs[0].name])
        #expect(try relativeDifference(found, plain) < 0.02)
        guard InstructionSet.current.hasIntegerProducts else { return }
        #expect(network.layers.filter { $0.precision == "int8" }.count == quantiser.layers.count)
        #expect(network.layers.allSatisfy { !$0.isFallback })
    }

    @Test func leavesWhatMovesTheOutputsInFloat32() throws {
        let graph = try Self.graph(outlier: 400)
        let quantiser = Quantiser(graph)
        let calibration = try Calibration(quantiser, inputs: Self.inputs(graph), engine: OneDNNEngine())
        let (all, moved) = try calibration.plan(largestDeviation: 0.99)
        #expect(all.sensitiveLayers.isEmpty)
        let (plan, deviation) = try calibration.plan(largestDeviation: Double(moved) * 0.9)
        #expect(!plan.sensitiveLayers.isEmpty && plan.sensitiveLayers.count < quantiser.layers.count)
        #expect(deviation <= moved * 0.9)
    }

    /// As PyTorch exports a decoder: extents are joined as values are, and layers of equal weights read a copy of them.
    @Test func extentsAreNoNumbersAndCopiedWeightsAreWeights() throws {
        var graph = try Self.graph()
        let plain = Quantiser(graph)
        var last = graph.nodes.removeLast()
        graph.nodes += [
            .init(name: "extents", operation: ShapeOf(), inputs: [last.inputs[0]], outputs: ["extents"]),
            .init(name: "joined", operation: Concatenation(axis: 0), inputs: ["extents"], outputs: ["joined"]),
            .init(name: "view", operation: Reshape(), inputs: [last.inputs[0], "joined"], outputs: ["view"]),
        ]
        last.inputs[0] = "view"
        graph.nodes.append(last)
        graph.nodes[0].inputs[1] = "copy"
        graph.nodes.insert(
            .init(name: "copy", operation: Identity(), inputs: [plain.graph.nodes[0].inputs[1]], outputs: ["copy"]),
            at: 0)
        let quantiser = Quantiser(graph)
        #expect(quantiser.layers == plain.layers)
        let calibration = try Calibration(quantiser, inputs: Self.inputs(graph), engine: OneDNNEngine())
        #expect(try calibration.plan(largestDeviation: 0.05).plan.sensitiveLayers.isEmpty)
    }

    @Test func refusesAPlanOfAnotherModel() throws {
        let quantiser = Quantiser(try Self.graph())
        #expect(throws: GraphError.self) { try quantiser.quantised(QuantisationPlan(ranges: [:])) }
    }

    @Test func recordsTheInputsOfTheNetworkThatIsMeant() throws {
        let graph = try Self.graph()
        let other = try NetworkCase.convolutions[0].graph()
        let recorder = RecordingEngine(OneDNNEngine(), of: graph, limit: 2)
        for network in [graph, other] {
            let context = try recorder.compile(network).makeContext()
            for seed in 1...5 {
                _ = try context.run([#require(seededInputs(of: network, seed: UInt64(seed)).values.first)])
            }
        }
        #expect(recorder.inputs.count == 2)
        #expect(recorder.inputs.allSatisfy { $0.shape == [1, 3, 16, 16] })
    }
}
