import Analysis
import Foundation
import NeuralNetworks
import ONNX
import TestSupport
import Testing

/// What `pipeline new` tells of a detection from its outputs' shapes.
@Suite struct DetectionDraftTests {
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let graph: @Sendable () throws -> Graph
        let card: [String]
    }

    static let forms = [
        Form(
            testDescription: "centres", graph: { try ObjectNetwork(reduction: 4).centres() },
            card: ["form: centres", "name: \"answer\"", "sizes: \"sizes\"", "classes: [\"?\"]", "activation: sigmoid"]),
        Form(
            testDescription: "star-convex", graph: { try ObjectNetwork(channelsLast: true).stars() },
            card: [
                "form: star-convex", "name: \"answer\"", "distances: \"distances\"", "distance-unit: \"?\"",
                "cell-position: \"?\"", "layout: NHWC",
            ]),
        Form(
            testDescription: "star-convex with classes of their own",
            graph: { try ObjectNetwork(tails: ["kinds": [Softmax(axis: 1)]]).starsOfKinds() },
            card: [
                "form: star-convex", "name: \"answer\"", "distances: \"distances\"", "class-scores: \"kinds\"",
                "class-activation: none", "activation: sigmoid", "classes: [\"?\", \"?\", \"?\"]", "background: \"?\"",
            ]),
        Form(
            testDescription: "boxes", graph: { try ObjectNetwork.boxes() },
            card: ["form: boxes", "name: \"answer\"", "box: \"?\"", "objectness: \"?\"", "classes: [\"?\"]"]),
    ]

    @Test func aBatchOfSeveralIsRefusedInWordsThatSayWhatToChange() throws {
        let folder = try TemporaryFolder()
        let graph = try ColourNetwork(classes: [ColourNetwork.red], batch: 4).graph()
        try folder.write("cells.onnx", ONNXModel.encode(graph, producer: "tests"))
        let error = try #require(throws: PipelineError.self) {
            try PipelineDraft(models: [folder["cells.onnx"]], folder: folder["lab"])
        }
        #expect(error.description.contains("takes 4 images at once: export it for a batch of 1"), "\(error)")
    }

    /// End-to-end exports of YOLO give a box, a score and the number of a class: of two classes the number looks like a score.
    @Test func numbersOfClassesAreNotTakenForScores() throws {
        let output =
            "form: boxes, box: xyxy, box-unit: pixels, objectness: false, activation: none, classes: [one, two]"
        let folder = try TemporaryFolder()
        try folder.write("cells.onnx", ONNXModel.encode(ObjectNetwork.chosenBoxes(), producer: "tests"))
        let drafted = try #require(throws: PipelineError.self) {
            try PipelineDraft(models: [folder["cells.onnx"]], folder: folder["lab"])
        }
        let loaded = try #require(throws: PipelineError.self) {
            try HandmadePipeline([
                .init(
                    graph: ObjectNetwork.chosenBoxes(), task: "detection", output: output,
                    stage: ", tile: 64, overlap: 16, threshold: 0.5, nms-iou: 0.5")
            ]).load()
        }
        for error in [drafted, loaded] { #expect(error.description.contains("number of a class"), "\(error)") }
        // Where each class is seen to have a probability, a network may choose what it likes.
        let scores = try HandmadePipeline([
            .init(
                graph: ObjectNetwork.chosenBoxes(tail: UnaryElementwise(.sigmoid)), task: "detection", output: output,
                stage: ", tile: 64, overlap: 16, threshold: 0.5, nms-iou: 0.5")
        ])
        _ = try scores.load()
    }

    @Test(arguments: forms)
    func aDraftSaysWhatTheModelTells(form: Form) throws {
        let folder = try TemporaryFolder()
        try folder.write("cells.onnx", ONNXModel.encode(form.graph(), producer: "tests"))
        let draft = try PipelineDraft(models: [folder["cells.onnx"]], folder: folder["lab"])
        #expect(draft.summary.contains("cells.onnx: detection"))
        try draft.write()
        let card = try String(contentsOfFile: folder["lab/cells.md"], encoding: .utf8)
        for line in ["task: detection"] + form.card { #expect(card.contains(line), "\(line) in \(card)") }
        let stage = try String(contentsOfFile: folder["lab/pipeline.yaml"], encoding: .utf8)
        #expect(stage.contains("kind: detection") && stage.contains("nms-iou: 0.5"))
    }
}
