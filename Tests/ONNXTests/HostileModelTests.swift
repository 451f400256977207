import Foundation
import NeuralNetworks
import TestSupport
import Testing

@testable import ONNX

/// Models that are wrong in one way each: an error that says so, before anything large is allocated.
@Suite struct HostileModelTests {
    typealias Change = @Sendable (inout Onnx_ModelProto) -> Void

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the error must say.
        let expected: String
        let change: Change

        init(_ description: String, _ expected: String, _ change: @escaping Change) {
            testDescription = description
            self.expected = expected
            self.change = change
        }
    }

    @Test func theModelToSpoilIsGood() throws {
        let graph = try ONNXModel(data: CraftedModel.model { _ in }).graph
        let result = try ReferenceExecutor(graph).run(["x": CraftedModel.input])
        #expect(result["y"]?.shape == [1, 1, 2, 2])
    }

    @Test(arguments: refused) func isRefusedWhenRead(_ hostile: Case) throws {
        let data = try CraftedModel.model(hostile.change)
        #expect { try ONNXModel(data: data) } throws: {
            "\($0 as? ONNXError)".contains(hostile.expected)
        }
    }

    @Test(arguments: impossible) func isRefusedWhenTyped(_ hostile: Case) throws {
        let graph = try ONNXModel(data: CraftedModel.model(hostile.change)).graph
        #expect { try graph.inferred(inputShapes: [:]) } throws: {
            "\($0 as? GraphError)".contains(hostile.expected)
        }
        let input = try Tensor(shape: #require(graph.inputs[0].extents), repeating: 1)
        #expect { try ReferenceExecutor(graph).run(["x": input]) } throws: {
            "\($0 as? GraphError)".contains(hostile.expected)
        }
    }

    /// Two gigabytes of nothing, which take no room on the disk, behind a good beginning or none.
    @Test(arguments: [[], [0x08, 0x08]] as [[UInt8]]) func isNotReadToTheEndOfItsZeros(_ head: [UInt8]) throws {
        let file = try TemporaryFile(head)
        #expect(truncate(file.path, Int(Int32.max)) == 0)
        let begin = ContinuousClock.now
        #expect { try ONNXModel(path: file.path) } throws: { ($0 as? ONNXError)?.problems.first?.kind == .malformed }
        #expect(ContinuousClock.now - begin < .seconds(1))
    }

    @Test func isRefusedPastTheLimits() throws {
        let data = try CraftedModel.model { _ in }
        // Initializers may be inputs too, and the model has four.
        let changes: [(inout ONNXModel.Limits) -> Void] = [
            { $0.fileBytes = data.count - 1 }, { $0.graphBytes = 40 }, { $0.nodes = 0 }, { $0.ports = -3 },
            { $0.edges = 2 },
        ]
        for change in changes {
            var limits = ONNXModel.Limits()
            change(&limits)
            #expect { try ONNXModel(data: data, limits: limits) } throws: {
                ($0 as? ONNXError)?.problems.map(\.kind) == [.limit]
            }
        }
    }

    @Test func everythingUnknownIsNamedAtOnce() throws {
        let data = try CraftedModel.model { model in
            model.graph.node = [
                CraftedModel.node("Frobnicate", ["x"], ["a"]), CraftedModel.node("Loop", ["a"], ["y"]),
            ]
            model.graph.initializer[0].dataType = 11
            model.functions = [.with { $0.name = "f" }]
        }
        #expect { try ONNXModel(data: data) } throws: { error in
            let description = "\(error)"
            return ["Frobnicate", "Loop", "w", "f: is a function"].allSatisfy(description.contains)
                && (error as? ONNXError)?.problems.count == 4
        }
    }

    @Test func whereToCutAnOutputOfUnknownSizeIsSaid() throws {
        let data = try CraftedModel.model(
            CraftedModel.replacing(node: CraftedModel.node("NonZero", ["x"], ["y"])))
        #expect { try ONNXModel(data: data).graph.inferred(inputShapes: [:]) } throws: {
            "\($0)".hasSuffix("cut the network before this node, so that its inputs are outputs: x")
        }
    }

    static let brokenFiles: [Data] = [
        Data(), Data("no model".utf8), Data([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]),
        Data(repeating: 0x0B, count: 1 << 20),
        Data(repeating: 0x3A, count: 1 << 16), Data(repeating: 0xFF, count: 1000),
    ]

    @Test(arguments: brokenFiles) func brokenFilesAreRefused(_ data: Data) {
        #expect(throws: ONNXError.self) { try ONNXModel(data: data) }
    }

    @Test func missingFilesAreRefused() {
        #expect(throws: ONNXError.self) { try ONNXModel(path: "/nowhere/model.onnx") }
        #expect(throws: ONNXError.self) { try ONNXModel(path: "/") }
    }

    @Test func largeFilesAreRefused() throws {
        let data = try CraftedModel.model { _ in }
        #expect(throws: ONNXError.self) { try ONNXModel(data: data, limits: .init(fileBytes: data.count - 1)) }
    }
}

extension Graph.Port {
    fileprivate var extents: Shape? {
        Shape(checking: dimensions.compactMap { if case .fixed(let extent) = $0 { extent } else { nil } })
    }
}

extension Tensor {
    fileprivate init(shape: Shape, repeating value: Float) {
        self.init(shape: shape, [Float](repeating: value, count: shape.elementCount))
    }
}
