import Foundation
import NeuralNetworks
import ONNX
import OneDNN
import TestSupport
import Testing

@testable import Analysis

/// Stages of `precision: int8`: a network of float32 and the ranges beside it.
@Suite struct IntegerStageTests {
    private let pipeline: HandmadePipeline

    init() throws {
        pipeline = try HandmadePipeline([
            HandmadePipeline.Model(
                graph: Self.graph(), task: "segmentation",
                output: "activation: softmax, classes: [ground, red, blue], background: ground",
                rest: "test: { input: in.npy, output: out.npy, tolerance: { relative: 0, absolute: 0 } }",
                stage: ", tile: 64, overlap: 16, precision: int8"),
            HandmadePipeline.Model(
                graph: ColourNetwork(
                    classes: [ColourNetwork.red, ColourNetwork.blue], side: 32,
                    tail: [GlobalPooling(.average), Flatten()]
                ).graph(), task: "classification", output: "activation: softmax, classes: [red, blue]",
                stage: ", tile: 32, within: stage-1"),
        ])
    }

    /// Smooths colours a little, then weighs them: the answer of a ``ColourNetwork``, of three layers.
    private static func graph(seed: UInt64 = 1) throws -> Graph {
        var random = SplitMix64(seed: seed)
        var smoothing: [Float] = []
        for output in 0..<3 {
            for input in 0..<3 {
                for tap in 0..<9 {
                    let middle: Float = output == input && tap == 4 ? 0.8 : 0
                    smoothing.append(middle + Float.random(in: -0.01...0.02, using: &random))
                }
            }
        }
        let window = Window(pads: [1, 1, 1, 1])
        let classes = [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue]
        let sides: [Graph.Dimension] = [.symbolic("h"), .symbolic("w")]
        return try Graph(
            name: "smooth colours",
            inputs: [Graph.Port(name: "image", elementType: .float32, dimensions: [.fixed(1), .fixed(3)] + sides)],
            outputs: [Graph.Port(name: "answer", elementType: .float32, dimensions: [])],
            initializers: [
                "smoothing": Tensor(shape: [3, 3, 3, 3], smoothing),
                "weights": Tensor(shape: [3, 3, 1, 1], classes.flatMap { $0.prefix(3) }),
                "bias": Tensor(shape: [3], classes.map { $0[3] }),
            ],
            nodes: [
                Graph.Node(
                    name: "smooth", operation: Convolution(window: window), inputs: ["image", "smoothing"],
                    outputs: ["smooth"]),
                Graph.Node(
                    name: "positive", operation: UnaryElementwise(.relu), inputs: ["smooth"], outputs: ["positive"]),
                Graph.Node(
                    name: "smooth again", operation: Convolution(window: window), inputs: ["positive", "smoothing"],
                    outputs: ["smoother"]),
                Graph.Node(
                    name: "weigh", operation: Convolution(), inputs: ["smoother", "weights", "bias"],
                    outputs: ["answer"]),
            ])
    }

    private func replace(_ old: String, by new: String, in name: String) throws {
        let text = try String(contentsOfFile: pipeline.folder[name], encoding: .utf8)
        #expect(text.contains(old), "\(old) in \(text)")
        try pipeline.folder.write(name, text.replacing(old, with: new))
    }

    @discardableResult
    private func calibrate() throws -> [PipelineCalibration.Result] {
        let precision = "precision: int8"
        try replace(precision, by: "precision: float32", in: "pipeline.yaml")
        // Leaves its scan.
        _ = try pipeline.result(of: .pair)
        try replace("precision: float32", by: precision, in: "pipeline.yaml")
        return try PipelineCalibration(directory: pipeline.folder.path, engine: OneDNNEngine())
            .write(scans: [pipeline.folder["scan.tif"]], largestDeviation: 0.05)
    }

    @Test func computesWhatTheQuantisedFileDoesToTheBit() throws {
        let results = try calibrate()
        #expect(results.map(\.model) == ["stage-1.onnx"] && results[0].layers == 3)
        #expect(results[0].plan.sensitiveLayers.isEmpty && results[0].deviation > 0)
        let own = try pipeline.load()
        let findings = try pipeline.result(of: .pair).findings
        #expect(findings.contains { $0.label == "red" } && findings.contains { $0.label == "blue" })
        let shape: Shape = [1, 3, 64, 64]
        var random = SplitMix64(seed: 7)
        let input = Tensor(shape: shape, (0..<shape.elementCount).map { _ in random.nextFraction() })
        let answer = try own.stages[0].model.compiled(for: shape, by: OneDNNEngine()).makeContext().run([input])

        let quantised = try Quantiser(Self.graph()).quantised(results[0].plan)
        try pipeline.folder.write("stage-1.onnx", ONNXModel.encode(quantised, producer: "tests"))
        try replace("precision: int8", by: "precision: float32", in: "pipeline.yaml")
        let other = try pipeline.load()
        let expected = try other.stages[0].model.compiled(for: shape, by: OneDNNEngine()).makeContext().run([input])
        #expect(answer == expected)
        #expect(try pipeline.result(of: .pair).findings == findings)
        let plain = try ReferenceEngine().compile(Self.graph(), inputShapes: ["image": shape]).makeContext().run([input]
        )
        #expect(answer != plain)
    }

    @Test func aStageCanHaveAPrecisionOfItsOwn() throws {
        try calibrate()
        let stages = try pipeline.load()
        #expect(stages.definition.stages.map(\.precision) == [.int8, .float32])
        #expect(stages.identity.engine.precision == "float32, int8")
        try replace("spacing:", by: "precision: int8\nspacing:", in: "pipeline.yaml")
        try replace(", tile: 32", by: ", tile: 32, precision: float32-exact", in: "pipeline.yaml")
        #expect(try pipeline.load().definition.stages.map(\.precision) == [.int8, .float32Exact])
    }

    @Test func theRangesArePartOfThePipeline() throws {
        let missing = #expect(throws: PipelineError.self) { try pipeline.load() }
        #expect(missing?.kind == .missing && missing?.file == "stage-1.ranges.json")
        #expect(missing?.description.contains("scanreport pipeline calibrate FOLDER --scans SCANS") == true)
        try calibrate()
        let before = try pipeline.load().identity
        let bytes = try Data(contentsOf: URL(filePath: pipeline.folder["stage-1.ranges.json"]))
        try calibrate()
        #expect(try Data(contentsOf: URL(filePath: pipeline.folder["stage-1.ranges.json"])) == bytes)
        #expect(try pipeline.load().identity == before)
        try replace("\"inputs\" : ", by: "\"inputs\" : 1", in: "stage-1.ranges.json")
        #expect(try pipeline.load().identity.sha256 != before.sha256)
        // Of other weights they say nothing.
        try pipeline.folder.write("stage-1.onnx", ONNXModel.encode(Self.graph(seed: 2), producer: "tests"))
        let other = #expect(throws: PipelineError.self) { try pipeline.load() }
        #expect(other?.description.contains("is of another stage-1.onnx") == true, "\(other?.description ?? "")")
    }

    /// A small mutation of the ranges, and what the error must say.
    @Test(arguments: [
        ("\"ranges\" : {", "\"ranges\" : [", "does not hold a model's ranges"),
        ("\"image\" : [", "\"image\" : [9,", "does not hold a model's ranges"),
        ("\"positive\" : [", "\"negative\" : [", "positive: has no range"),
        ("\"deviation\"", "\"devious\"", "does not hold a model's ranges"),
    ])
    func rangesThatCannotBeAreRefused(good: String, bad: String, message: String) throws {
        try calibrate()
        try replace(good, by: bad, in: "stage-1.ranges.json")
        let error = #expect(throws: PipelineError.self) { try pipeline.load() }
        #expect(error?.kind == .invalid && error?.file == "stage-1.ranges.json")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    /// The test is that of the network in float32, and its tolerance one that integers can keep.
    @Test func theTestTensorsHoldIntegersTooButNotWithRangesThatAreFarOff() throws {
        try calibrate()
        let loaded = try pipeline.load()
        #expect(try TestTensors(loaded, directory: pipeline.folder.path).write().contains("out.npy"))
        let result = try loaded.verification(of: loaded.stages[0].model)
        #expect(result.isWithinTolerance && result.difference > 0, "\(result)")
        let path = pipeline.folder["stage-1.ranges.json"]
        var ranges = try JSONDecoder().decode(ModelRanges.self, from: Data(contentsOf: URL(filePath: path)))
        ranges.ranges = ranges.ranges.mapValues { $0.lowerBound / 4...$0.upperBound / 4 }
        try ranges.write(for: "stage-1.onnx", in: pipeline.folder.path)
        let narrow = try pipeline.load()
        #expect(try !narrow.verification(of: narrow.stages[0].model).isWithinTolerance)
    }

    @Test func aPipelineWithoutIntegersHasNothingToCalibrate() throws {
        try replace("precision: int8", by: "precision: bfloat16", in: "pipeline.yaml")
        let error = #expect(throws: PipelineError.self) {
            try PipelineCalibration(directory: pipeline.folder.path, engine: OneDNNEngine())
        }
        #expect(error?.description.contains("precision: int8") == true)
    }
}
