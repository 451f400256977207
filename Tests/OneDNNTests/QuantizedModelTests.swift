import Foundation
import NeuralNetworks
import ONNX
import TestSupport
import Testing

@testable import OneDNN

/// Models that ONNX Runtime quantised, against what ONNX Runtime answers: `Quantised/draw` makes them.
@Suite struct QuantizedModelTests {
    /// A model, and how many of its layers the fast engine computes with integers.
    static let models: [(name: String, integerLayers: Int)] = [
        ("residual", 7), ("residual-signed", 7), ("decoder", 5), ("decoder-one-scale", 5), ("rows", 3),
        // Integers less their zero points take more than 8 bits: numbers are multiplied.
        ("rows-asymmetric", 0), ("rows-unsigned-weights", 0),
    ]

    @Test(arguments: models) func answersAsONNXRuntime(_ name: String, _ integerLayers: Int) throws {
        let folder = "Tests/OneDNNTests/Quantised"
        let graph = try ONNXModel(path: Repository.path("\(folder)/\(name).onnx")).graph
        let (input, expected) = (try tensor("\(folder)/\(name).input.npy"), try tensor("\(folder)/\(name).output.npy"))
        let quantum = try #require(lastScale(graph))
        let network = try OneDNNNetwork(graph)
        if InstructionSet.current.hasIntegerProducts {
            #expect(network.layers.filter { $0.precision == "int8" }.count == integerLayers)
        }
        let answers = [
            "the fast engine": try network.makeContext().run([input])[0],
            "two threads": try OneDNNNetwork(graph, threads: 2).makeContext().run([input])[0],
            "the reference": try #require(ReferenceExecutor(graph).run(["x": input])[graph.outputs[0].name]),
        ]
        for (engine, answer) in answers {
            let (found, wanted) = (try #require(answer.floats), try #require(expected.floats))
            #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1.001 * quantum }, "\(engine)")
        }
        #expect(answers["the fast engine"] == answers["two threads"])
    }

    private func tensor(_ path: String) throws -> Tensor {
        try NPY.decode(Array(Data(contentsOf: URL(filePath: Repository.path(path)))))
    }

    /// What the last integer of the output stands for.
    private func lastScale(_ graph: Graph) -> Float? {
        let last = graph.nodes.last { $0.outputs.contains(graph.outputs[0].name) }
        guard last?.operation is Dequantization, let scale = last?.inputs[1] else { return nil }
        return graph.initializers[scale]?.floats?.first
    }
}
