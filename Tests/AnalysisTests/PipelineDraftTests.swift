import Analysis
import Foundation
import NeuralNetworks
import ONNX
import OneDNN
import TestSupport
import Testing

/// What `pipeline new` drafts loads once it is filled in, whatever sides a network has.
@Suite struct PipelineDraftTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Sides that are a multiple of it are taken.
        var divisor = 1
        /// Pixels along each edge without an answer.
        var margin = 0
        let graph: @Sendable (_ side: Int?) throws -> Graph
    }

    static let kinds = [
        Kind(
            testDescription: "a segmentation",
            graph: { try ColourNetwork(classes: [ColourNetwork.red], side: $0).graph() }),
        Kind(
            testDescription: "a segmentation of several classes",
            graph: {
                try ColourNetwork(
                    classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue], side: $0, channelsLast: true
                ).graph()
            }),
        Kind(
            testDescription: "a segmentation without padding", margin: 4,
            graph: { try ColourNetwork(classes: [ColourNetwork.red], kernel: 9, pads: false, side: $0).graph() }),
        Kind(
            testDescription: "a coarser segmentation", divisor: 2,
            graph: {
                let halves = AveragePooling(window: Window(kernelShape: [2, 2], strides: [2, 2]))
                return try ColourNetwork(classes: [ColourNetwork.red], side: $0, tail: [halves]).graph()
            }),
        Kind(testDescription: "centres", graph: { try ObjectNetwork(side: $0).centres() }),
        Kind(
            testDescription: "coarser centres", divisor: 4,
            graph: { try ObjectNetwork(reduction: 4, side: $0).centres() }),
        Kind(testDescription: "stars", divisor: 2, graph: { try ObjectNetwork(reduction: 2, side: $0).stars() }),
        Kind(
            testDescription: "stars with classes of their own",
            graph: { try ObjectNetwork(side: $0, tails: ["kinds": [Softmax(axis: 1)]]).starsOfKinds() }),
    ]

    /// What whoever knows the network fills in.
    private static func filled(_ card: String) -> String {
        let answers = [
            "colour": "RGB", "normalisation": "{ method: scale }", "value": "1", "activation": "sigmoid",
            "background": "none", "distance-unit": "pixels", "cell-position": "middle", "architecture": "by hand",
            "licence": "Apache-2.0",
        ]
        var card = card
        for (key, value) in answers { card.replace("\(key): \"?\"", with: "\(key): \(value)") }
        for count in 1...3 {
            let open = [String](repeating: "\"?\"", count: count).joined(separator: ", ")
            card.replace(
                "classes: [\(open)]", with: "classes: [\(["a", "b", "c"].prefix(count).joined(separator: ", "))]")
        }
        return card
    }

    private static func draft(_ graph: Graph, in folder: TemporaryFolder) throws -> Pipeline {
        try folder.write("net.onnx", ONNXModel.encode(graph, producer: "tests"))
        try PipelineDraft(models: [folder["net.onnx"]], folder: folder["lab"]).write()
        let card = try String(contentsOfFile: folder["lab/net.md"], encoding: .utf8)
        try folder.write("lab/net.md", filled(card))
        return try Pipeline(directory: folder["lab"], engine: OneDNNEngine())
    }

    @Test(arguments: kinds, [8, 12, 16, 24, 31, 32, 33, 40, 48, 64, 72, 96, 100, 104, 224, 250, 299, 512])
    func aDraftOfAnySideLoads(kind: Kind, side: Int) throws {
        let folder = try TemporaryFolder()
        if side % kind.divisor != 0 {
            let error = try #require(throws: PipelineError.self) { try Self.draft(kind.graph(side), in: folder) }
            #expect(error.description.contains("multiple of"), "\(error)")
            return
        }
        if side <= 2 * kind.margin { return }
        let pipeline = try Self.draft(kind.graph(side), in: folder)
        let stage = try #require(pipeline.stages.first)
        #expect(stage.contract.inputSide == side)
        #expect(stage.definition.overlap <= (side - 2 * kind.margin) / 4)
        // Small tiles lie on multiples of their own side; others overlap.
        #expect(stage.definition.overlap > 0 || side - 2 * kind.margin <= 32)
    }

    @Test(arguments: kinds) func aDraftOfAnySizeLoads(kind: Kind) throws {
        let folder = try TemporaryFolder()
        let stage = try #require(try Self.draft(kind.graph(nil), in: folder).stages.first)
        #expect(stage.contract.inputSide == 512 && stage.definition.overlap > 0)
    }

    @Test(arguments: [4, 7]) func aSideThatNoTileHasIsRefused(side: Int) throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: PipelineError.self) {
            try Self.draft(ObjectNetwork(side: side).centres(), in: folder)
        }
        #expect(error.description.contains("takes \(side) x \(side) pixels, and a tile has from 8 to 4096"), "\(error)")
    }

    @Test func modelsWhoseStagesWouldBeCalledAlikeAreRefused() throws {
        let folder = try TemporaryFolder()
        for name in ["a.b", "a-b"] {
            try folder.write("\(name).onnx", ONNXModel.encode(ObjectNetwork().centres(), producer: "tests"))
        }
        let error = try #require(throws: PipelineError.self) {
            try PipelineDraft(models: [folder["a.b.onnx"], folder["a-b.onnx"]], folder: folder["lab"])
        }
        #expect(error.description.contains("rename one"))
    }
}
