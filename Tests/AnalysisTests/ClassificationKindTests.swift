import Analysis
import Findings
import Foundation
import NeuralNetworks
import Testing

/// Tile classifiers on their own; what is right is the arithmetic of the scan's mean colour, for all tiles are whole.
@Suite struct ClassificationKindTests {
    private static let scores: [any NeuralNetworks.Operator] = [GlobalPooling(.average), Flatten()]
    /// Moderate logits: no probability is near 0 or 1.
    private static let dark: [Float] = [-2, 0, 0, 1]
    private static let blue: [Float] = [0, -1, 2, -1]

    private func finding(
        _ classes: [[Float]], _ tail: [any NeuralNetworks.Operator] = [], output: String, rest: String = ""
    ) throws -> Finding {
        let network = ColourNetwork(classes: classes, tail: Self.scores + tail)
        let pipeline = try HandmadePipeline([
            .init(graph: network.graph(), task: "classification", output: output, rest: rest, stage: ", tile: 64")
        ])
        let result = try pipeline.result(
            of: Rectangles(
                width: 128, height: 64,
                rectangles: [
                    (Finding.Box(x: 0, y: 0, width: 64, height: 64), Rectangles.blue)
                ]))
        #expect(result.findings.count == 1)
        let finding = try #require(result.findings.first)
        #expect(finding.kind == .scan)
        return finding
    }

    /// The mean over the two tiles of a function of their logits.
    private func mean(_ classes: [[Float]], _ function: ([Double]) -> [Double]) -> [Double] {
        let answers = [Rectangles.blue, Rectangles.ground].map { colour in
            function(
                classes.map { weights in
                    zip(weights, colour.map { Double($0) / 255 } + [1]).reduce(0) { $0 + Double($1.0) * $1.1 }
                })
        }
        return zip(answers[0], answers[1]).map { ($0 + $1) / 2 }
    }

    private func sigmoid(_ logits: [Double]) -> [Double] { logits.map { 1 / (1 + exp(-$0)) } }

    private func softmax(_ logits: [Double]) -> [Double] {
        let sum = logits.reduce(0) { $0 + exp($1) }
        return logits.map { exp($0) / sum }
    }

    private func expect(_ finding: Finding, _ labels: [String], _ right: [Double]) {
        #expect(finding.probabilities.map(\.label) == labels)
        #expect(zip(finding.probabilities, right).allSatisfy { abs($0.probability - $1) < 1e-5 })
        #expect(abs(finding.confidence - (right.max() ?? 0)) < 1e-5)
    }

    @Test func oneSigmoidGivesTheProbabilityOfItsClass() throws {
        let finding = try finding([Self.dark], output: "activation: sigmoid, classes: [tumour]")
        expect(finding, ["tumour"], mean([Self.dark], sigmoid))
    }

    /// A classifier of one class says no, too.
    @Test func whatHasAHalfOfNoClassIsCalledAsTheCardSays() throws {
        let one = try finding([Self.dark], output: "activation: sigmoid, classes: [tumour], otherwise: normal")
        let probability = mean([Self.dark], sigmoid)[0]
        expect(one, ["tumour", "normal"], [probability, 1 - probability])
        #expect(probability < 0.5 && one.label == "normal")
        let several = try finding(
            [Self.dark, Self.blue], output: "activation: sigmoid, classes: [a, b], otherwise: neither")
        let both = mean([Self.dark, Self.blue], sigmoid)
        expect(several, ["a", "b", "neither"], both + [1 - (both.max() ?? 0)])
    }

    @Test(arguments: ["sigmoid, classes: [a, b], otherwise: b", "softmax, classes: [a, b], otherwise: neither"])
    func theRestIsNoClassAndWhereOneIsChosenThereIsNone(output: String) throws {
        let error = try #require(throws: PipelineError.self) {
            try finding([Self.dark, Self.blue], output: "activation: \(output)")
        }
        #expect(error.description.contains("otherwise"), "\(error)")
    }

    @Test func whereNoClassIsProbableTheScanSaysSo() throws {
        let network = ColourNetwork(classes: [[0, 0, 0, -2]], tail: Self.scores)
        let remarks = try ["", ", otherwise: normal"].map { otherwise in
            let pipeline = try HandmadePipeline([
                .init(
                    graph: network.graph(), task: "classification",
                    output: "activation: sigmoid, classes: [tumour]\(otherwise)", stage: ", tile: 64")
            ])
            return try pipeline.result(of: Rectangles(width: 64, height: 64, rectangles: [])).remarks
                .filter { $0.contains("output.otherwise") }.count
        }
        #expect(remarks == [1, 0])
    }

    @Test func sigmoidsDoNotSumTo1() throws {
        let finding = try finding([Self.dark, Self.blue], output: "activation: sigmoid, classes: [a, b]")
        expect(finding, ["a", "b"], mean([Self.dark, Self.blue], sigmoid))
    }

    @Test func softmaxCalibrated() throws {
        let finding = try finding(
            [Self.dark, Self.blue], output: "activation: softmax, classes: [a, b]",
            rest: "calibration: { method: temperature, temperature: 2 }")
        expect(finding, ["a", "b"], mean([Self.dark, Self.blue]) { softmax($0.map { $0 / 2 }) })
        #expect(abs(finding.rawConfidence - (mean([Self.dark, Self.blue], softmax).max() ?? 0)) < 1e-5)
    }

    @Test func softmaxInsideIsTakenAsItIs() throws {
        let finding = try finding(
            [Self.dark, Self.blue], [Softmax(axis: 1)], output: "activation: none, classes: [a, b]")
        expect(finding, ["a", "b"], mean([Self.dark, Self.blue], softmax))
    }

    @Test func sigmoidsInsideAreTakenAsTheyAre() throws {
        let finding = try finding(
            [Self.dark, Self.blue], [UnaryElementwise(.sigmoid)],
            output: "activation: none, multi-label: true, classes: [a, b]")
        expect(finding, ["a", "b"], mean([Self.dark, Self.blue], sigmoid))
    }

    @Test func logitsAreNoProbabilities() throws {
        let error = #expect(throws: AnalysisFailure.self) {
            try finding([Self.dark, Self.blue], output: "activation: none, classes: [a, b]")
        }
        #expect(error?.code == .degenerateOutput)
    }

    /// Three tiles in a row: blue, ground, ground.
    private func findings(_ settings: String, output: String) throws -> [Finding] {
        let network = ColourNetwork(classes: [Self.dark, Self.blue], tail: Self.scores)
        let pipeline = try HandmadePipeline([
            .init(
                graph: network.graph(), task: "classification", output: output, stage: ", tile: 64, \(settings)")
        ])
        return try pipeline.result(
            of: Rectangles(
                width: 192, height: 64,
                rectangles: [(Finding.Box(x: 0, y: 0, width: 64, height: 64), Rectangles.blue)])
        ).findings
    }

    @Test func tilesAreKeptAsFindingsInTheirOrder() throws {
        let findings = try findings("keep-tiles: true", output: "activation: softmax, classes: [a, b]")
        #expect(findings.map(\.kind) == [.scan, .tile, .tile, .tile])
        #expect(findings.map(\.ordinal) == [0, 1, 2, 3])
        #expect(findings.map(\.box.x) == [0, 0, 64, 128])
        #expect(findings.dropFirst().allSatisfy { $0.box.width == 64 && $0.geometry == nil })
        #expect(findings[1].label == "a" && findings[2].label != findings[1].label)
    }

    /// What each way makes of the blue tile's and a ground tile's probability of `b`.
    @Test(arguments: [
        ("scan-grade: mean", 1.0 / 3, 2.0 / 3), ("scan-grade: maximum", 1, 0), ("scan-grade: top-k, top: 2", 0.5, 0.5),
    ])
    func theScanIsGradedByTheTilesThatCount(settings: String, blue: Double, ground: Double) throws {
        let tiles = try findings(
            "keep-tiles: true", output: "activation: softmax, classes: [a, b], background: b"
        ).filter { $0.kind == .tile }.map { $0.probabilities[1].probability }
        let findings = try findings(settings, output: "activation: softmax, classes: [a, b], background: b")
        let found = try #require(findings.first).probabilities[1].probability
        #expect(abs(found - (blue * tiles[0] + ground * tiles[1])) < 1e-9)
    }

    @Test func theScanIsGradedByTheShareOfTiles() throws {
        let finding = try #require(
            try findings("scan-grade: share", output: "activation: softmax, classes: [a, b]").first)
        #expect(finding.label == "b" && abs(finding.confidence - 2.0 / 3) < 1e-9)
        let sigmoids = try #require(
            try findings("scan-grade: share", output: "activation: sigmoid, classes: [a, b]").first)
        #expect(sigmoids.probabilities.map(\.label) == ["a", "b"])
    }

    @Test func theTilesLeastLikeABackgroundNeedOne() throws {
        let error = #expect(throws: PipelineError.self) {
            try findings("scan-grade: maximum", output: "activation: softmax, classes: [a, b]")
        }
        #expect(error?.description.contains("output.background is missing") == true)
    }
}
