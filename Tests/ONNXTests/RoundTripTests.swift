import Foundation
import NeuralNetworks
import ONNX
import Testing

@Suite(.enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct RoundTripTests {
    /// Forms that ONNX had once and has no more.
    static let obsolete: Set = [
        "pytorch-converted/test_PReLU_1d_multiparam", "pytorch-converted/test_PReLU_2d_multiparam",
        "pytorch-converted/test_PReLU_3d_multiparam", "pytorch-converted/test_PReLU_1d",
        "pytorch-converted/test_PReLU_2d", "pytorch-converted/test_PReLU_3d",
        "pytorch-converted/test_Softmax", "pytorch-converted/test_softmax_functional_dim3",
        "pytorch-converted/test_softmax_lastdim", "pytorch-converted/test_LogSoftmax",
        "pytorch-converted/test_Softmin", "pytorch-converted/test_log_softmax_dim3",
    ]

    @Test(arguments: ConformanceData.passing.filter { !obsolete.contains($0) })
    func writtenModelsComputeTheSame(_ name: String) throws {
        let graph = try ONNXModel(data: ConformanceData.model(name)).graph
        let written = try ONNXModel.encode(graph, producer: "test", metadata: ["of": name])
        let again = try ONNXModel(data: written)
        #expect(again.producer == "test" && again.metadata == ["of": name])
        #expect(again.graph.inputs == graph.inputs && again.graph.outputs == graph.outputs)
        let set = try #require(try ConformanceData.sets(name).first)
        let inputs = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), set.inputs))
        let (first, second) = (try ReferenceExecutor(graph).run(inputs), try ReferenceExecutor(again.graph).run(inputs))
        #expect(first.mapValues(\.bits) == second.mapValues(\.bits))
    }
}

extension Tensor {
    /// Such that NaN equals itself.
    var bits: [UInt8] { NPY.encode(self) }
}
