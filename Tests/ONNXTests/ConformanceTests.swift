import Foundation
import NeuralNetworks
import ONNX
import Testing

@Suite(.enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct ConformanceTests {
    @Test(arguments: ConformanceData.passing)
    func referenceExecutionPasses(_ name: String) throws {
        let model = try ONNXModel(data: ConformanceData.model(name))
        let executor = ReferenceExecutor(model.graph)
        let sets = try ConformanceData.sets(name)
        #expect(!sets.isEmpty)
        for (inputs, outputs) in sets {
            let named = Dictionary(uniqueKeysWithValues: zip(model.graph.inputs.map(\.name), inputs))
            let results = try executor.run(named)
            #expect(results.count == outputs.count)
            for (port, expected) in zip(model.graph.outputs, outputs) {
                let result = try #require(results[port.name])
                #expect(result.isClose(to: expected), "\(port.name) is \(result), not \(expected)")
            }
        }
    }

    @Test(arguments: ConformanceData.passing)
    func inferredTypesHold(_ name: String) throws {
        let graph = try ONNXModel(data: ConformanceData.model(name)).graph
        for (inputs, outputs) in try ConformanceData.sets(name) {
            let shapes = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), inputs.map(\.shape)))
            // Where a test gives a shape as an input, types are known only when it runs.
            guard let typed = try? graph.inferred(inputShapes: shapes) else { continue }
            for (port, expected) in zip(graph.outputs, outputs) { #expect(typed.types[port.name] == expected.type) }
        }
    }
}

extension Tensor {
    /// Whether elements agree as far as the standard's tests ask: 1e-3 relative, 1e-7 absolute.
    func isClose(to expected: Tensor) -> Bool {
        guard let mine = floats, let theirs = expected.floats else { return self == expected }
        return type == expected.type
            && zip(mine, theirs).allSatisfy {
                $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 1e-7 + 1e-3 * abs($1)
            }
    }
}
