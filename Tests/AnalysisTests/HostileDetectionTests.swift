import Analysis
import Findings
import Foundation
import NeuralNetworks
import Testing

/// Networks whose objects are none, and cards that do not fit: refused, in words that say what to change.
@Suite struct HostileDetectionTests {
    private static func failure(
        _ graph: Graph, _ output: String, stage: String = ", tile: 64, overlap: 16", side: Int = 100
    ) throws -> AnalysisFailure {
        let markers = Markers(width: side, height: side, sizes: 6...14, count: 9, seed: 3)
        let pipeline = try HandmadePipeline([.init(graph: graph, task: "detection", output: output, stage: stage)])
        return try #require(throws: AnalysisFailure.self) { try pipeline.result(of: markers.picture) }
    }

    @Test func distancesThatAreNoNumbersEndTheAnalysis() throws {
        let network = ObjectNetwork(tails: ["distances": [UnaryElementwise(.logarithm)]])
        let graph = try network.graph([
            ("answer", [ObjectNetwork.there]),
            ("distances", [ObjectNetwork.Channel](repeating: [0, 0, 0, -1], count: 8)),
        ])
        #expect(try Self.failure(graph, DetectionKindTests.stars).code == .degenerateOutput)
    }

    @Test(arguments: [Float(-255), 1e9, 1e30])
    func boxesThatNoObjectHasEndTheAnalysis(scale: Float) throws {
        let graph = try ObjectNetwork().graph([
            ("answer", [ObjectNetwork.there]), ("sizes", [[0, scale, 0, 0], ObjectNetwork.height]),
        ])
        let failure = try Self.failure(graph, DetectionKindTests.centres)
        #expect(failure.code == .degenerateOutput && failure.message.contains("units"))
        let stars = try ObjectNetwork().graph([
            ("answer", [ObjectNetwork.there]),
            ("distances", [ObjectNetwork.Channel](repeating: [0, 0, scale, 0], count: 8)),
        ])
        let star = try Self.failure(stars, DetectionKindTests.stars)
        #expect(star.code == .degenerateOutput)
    }

    @Test func aNetworkThatSaysTheSameEverywhereIsNotBelieved() throws {
        let graph = try ObjectNetwork().graph([
            ("answer", [[0, 0, 0, 5]]), ("sizes", [ObjectNetwork.width, ObjectNetwork.height]),
        ])
        let failure = try Self.failure(graph, DetectionKindTests.centres)
        #expect(failure.code == .degenerateOutput && failure.message.contains("everywhere"))
    }

    @Test func objectsEverywhereAreBounded() throws {
        let base = try ObjectNetwork.boxes(side: 320, width: [0, 0, 0, 1])
        var graph = base
        graph.initializers["answer-bias"] = Tensor(shape: [5], [Float](repeating: 1, count: 4) + [30])
        let failure = try Self.failure(
            graph, "form: boxes, box: cxcywh, activation: sigmoid, classes: [cell]", stage: ", overlap: 16",
            side: 320)
        #expect(failure.code == .limit && failure.message.contains("threshold"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var heads: [(name: String, channels: [ObjectNetwork.Channel])] = [
            ("answer", [ObjectNetwork.there]), ("sizes", [ObjectNetwork.width, ObjectNetwork.height]),
        ]
        var output = DetectionKindTests.centres
        var stage = ", tile: 64, overlap: 16"
        var reduction = 1
        var tails: [String: [any NeuralNetworks.Operator]] = [:]
        let says: [String]
    }

    private static func ofKinds(
        scores: Int = 1, classes: Int = 3
    ) -> [(name: String, channels: [ObjectNetwork.Channel])] {
        [
            ("answer", [ObjectNetwork.Channel](repeating: ObjectNetwork.there, count: scores)),
            ("distances", [ObjectNetwork.Channel](repeating: ObjectNetwork.height, count: 8)),
            ("kinds", [ObjectNetwork.Channel](repeating: ObjectNetwork.width, count: classes)),
        ]
    }

    static let cases = [
        Case(
            testDescription: "no form", output: "sizes: sizes, activation: sigmoid, classes: [cell]",
            says: ["output.form is missing"]),
        Case(
            testDescription: "a form that is none", output: "form: circles, activation: sigmoid, classes: [cell]",
            says: ["`circles`; it must be one of: centres, boxes, grid, star-convex"]),
        Case(
            testDescription: "an output that is not there",
            output: "form: centres, sizes: extents, activation: sigmoid, classes: [cell]",
            says: ["no output `extents`, which the card's `output.sizes` names", "answers with `answer`"]),
        Case(
            testDescription: "more classes than channels",
            output: "form: centres, sizes: sizes, activation: sigmoid, classes: [one, two]",
            says: ["`answer` is 1x1x64x64", "must have 2 channels, one for each of the card's classes"]),
        Case(
            testDescription: "sizes for distances",
            output: "form: star-convex, distances: sizes, activation: sigmoid, classes: [cell]",
            says: ["`sizes` is 1x2x64x64", "3 to 512 (a ray each) channels"]),
        Case(
            testDescription: "a channel for each class beside classes of their own", heads: ofKinds(scores: 3),
            output: DetectionKindTests.starsOfKinds,
            says: ["`answer` is 1x3x64x64", "must have 1 channel, beside `class-scores`"]),
        Case(
            testDescription: "classes of another number", heads: ofKinds(classes: 2),
            output: DetectionKindTests.starsOfKinds,
            says: ["`kinds` is 1x2x64x64", "must have 3 channels, one for each of the card's classes"]),
        Case(
            testDescription: "no classes of their own", heads: Array(ofKinds().prefix(2)),
            output: DetectionKindTests.starsOfKinds,
            says: ["no output `kinds`, which the card's `output.class-scores` names"]),
        Case(
            testDescription: "classes that are probabilities already", heads: ofKinds(),
            output: DetectionKindTests.starsOfKinds + ", class-activation: softmax",
            tails: ["kinds": [Softmax(axis: 1)]],
            says: ["class-activation is softmax, but `kinds` is that of a Softmax already"]),
        Case(
            testDescription: "a softmax of whether there is an object", heads: ofKinds(),
            output: DetectionKindTests.starsOfKinds.replacing("sigmoid", with: "softmax"),
            says: ["output.activation is softmax, which is always 1 for one channel"]),
        Case(
            testDescription: "classes of their own without a background", heads: ofKinds(),
            output: DetectionKindTests.starsOfKinds.replacing(", background: nothing", with: ""),
            says: ["output.background is missing"]),
        Case(
            testDescription: "suppression by classes of their own", heads: ofKinds(),
            output: DetectionKindTests.starsOfKinds, stage: ", tile: 64, overlap: 16, nms: by-class",
            says: ["stages.stage-1.nms is by-class", "leave it out"]),
        Case(
            testDescription: "maps for boxes", output: "form: boxes, box: xyxy, activation: sigmoid, classes: [cell]",
            says: ["1xAx5 or 1x5xA", "of a raw grid the form is grid"]),
        Case(
            testDescription: "test-time augmentation",
            stage: ", tile: 64, overlap: 16, test-time-augmentation: flips", says: ["is not for detections"]),
        Case(
            testDescription: "a tile that is no multiple of a cell", stage: ", tile: 66, overlap: 16", reduction: 4,
            says: ["16 x 16 cells for 66 x 66 pixels", "a whole part of it"]),
        Case(
            testDescription: "cells that are too large", stage: ", tile: 192, overlap: 16", reduction: 64,
            says: ["64 times smaller"]),
        Case(testDescription: "an unknown key", stage: ", tile: 64, overlap: 16, iou: 0.5", says: ["iou is not a key"]),
        Case(
            testDescription: "within nothing", stage: ", tile: 64, overlap: 16, within: glands",
            says: ["no segmentation stage before this one"]),
    ]

    @Test(arguments: cases)
    func cardsThatDoNotFitAreRefused(item: Case) throws {
        let graph = try ObjectNetwork(reduction: item.reduction, tails: item.tails).graph(item.heads)
        let pipeline = try HandmadePipeline([
            .init(graph: graph, task: "detection", output: item.output, stage: item.stage)
        ])
        let error = try #require(throws: PipelineError.self) { _ = try pipeline.load() }
        for part in item.says { #expect("\(error)".contains(part), "\(error)") }
    }
}
