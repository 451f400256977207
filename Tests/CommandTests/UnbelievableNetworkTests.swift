import Foundation
import NeuralNetworks
import ONNX
import TestSupport
import Testing

/// Networks that answer their test tensors as their cards say, and scans as no network should: nothing that they say
/// is recorded as a finding.
@Suite struct UnbelievableNetworkTests {
    /// What a network makes of a colour, green from 0 to 1.
    enum Answer: Sendable {
        /// High where it is dark.
        case darkness
        case constant
        /// Other logits for every colour, all of them high.
        case everything
        /// A number for white only.
        case notANumber
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0008/DEMO0008-01.tif", to: "scans/DEMO0008/DEMO0008-01.tif")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    @Test func aNetworkThatSeesWhatIsDarkIsBelieved() throws {
        try write(segmentation: .darkness, classification: .darkness)
        let run = try scanreport("run", "scans", "--pipeline", "./pipeline")
        #expect(run.status == 0, "\(run.output) \(run.errors)")
        #expect(run.output.contains("1 with findings"))
    }

    @Test(arguments: [Answer.constant, .everything, .notANumber])
    func aSegmentationIsNotBelieved(answer: Answer) throws {
        try write(segmentation: answer, classification: .darkness)
        try expectFailure(stage: "segment")
    }

    @Test(arguments: [Answer.constant, .notANumber])
    func aClassificationIsNotBelieved(answer: Answer) throws {
        try write(segmentation: .darkness, classification: answer)
        try expectFailure(stage: "classify")
    }

    private func expectFailure(stage: String) throws {
        let run = try scanreport("run", "scans", "--pipeline", "./pipeline")
        #expect(run.status == 1)
        #expect(run.output.contains("failed: 1 x \(stage): degenerate-output"), "\(run.output) \(run.errors)")
        let answer = try scanreport("query", "--patient", "DEMO0008", "--format", "json").output
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: [[String: Any]]])
        #expect(document["findings"]?.isEmpty == true)
        #expect(document["analyses"]?.map { $0["status"] as? String } == ["failed"])
        #expect(document["analyses"]?.map { $0["code"] as? String } == ["degenerate-output"])
    }

    private func write(segmentation: Answer, classification: Answer) throws {
        try folder.write(
            "pipeline/pipeline.yaml",
            """
            name: by-hand
            stages:
              - { name: dark, kind: segmentation, card: segmentation.md, tile: 128, overlap: 32, threshold: 0.5 }
              - { name: grades, kind: classification, within: dark, card: classification.md, tile: 32 }
            tissue: otsu
            spacing: { unknown: assume, assumed-um-px: 1.4 }
            """)
        try write(segmentation, "segmentation", activation: "sigmoid", classes: ["dark"], isOfPixels: true)
        try write(classification, "classification", activation: "softmax", classes: ["dark", "light"])
    }

    /// Writes a model, its card, and a test tensor: white, and what the model answers to it.
    private func write(
        _ answer: Answer, _ task: String, activation: String, classes: [String], isOfPixels: Bool = false
    ) throws {
        let model = try ONNXModel.encode(
            graph(answer, classes: classes.count, isOfPixels: isOfPixels), producer: "tests")
        try folder.write("pipeline/\(task).onnx", model)
        let white = Tensor(shape: [1, 3, 32, 32], [Float](repeating: 1, count: 3 * 32 * 32))
        try folder.write("pipeline/white.npy", NPY.encode(white))
        let run = try scanreport(
            "model", "run", "pipeline/\(task).onnx", "--input", "pipeline/white.npy", "--output",
            "pipeline/\(task).npy")
        #expect(run.status == 0, "\(run.errors)")
        try folder.write(
            "pipeline/\(task).md",
            """
            ---
            model: \(task).onnx
            task: \(task)
            architecture: by hand
            licence: Apache-2.0
            input:
              name: image
              layout: NCHW
              colour: RGB
              normalisation: { method: scale }
              spacing-um-px: { value: 1.4, source: measured }
            output: { name: logits, activation: \(activation), classes: [\(classes.joined(separator: ", "))] }
            calibration: { method: none }
            test: { input: white.npy, output: \(task).npy, tolerance: { relative: 0.001, absolute: 0.001 } }
            ---
            """)
    }

    /// `[1, 3, H, W]` to logits, `[1, K, H, W]` of the pixels or `[1, K]` of their mean.
    private func graph(_ answer: Answer, classes: Int, isOfPixels: Bool) throws -> Graph {
        let (slope, bias): (Float, Float) =
            switch answer {
            case .darkness: (-20, 14)
            case .constant: (0, 1.7)
            case .everything: (1, 5)
            case .notANumber: (1, -0.99)
            }
        // A second class has the opposite logit.
        let signs: [Float] = classes == 1 ? [1] : [1, answer == .notANumber ? 1 : -1]
        var nodes: [Graph.Node] = []
        func add(_ operation: some NeuralNetworks.Operator, _ inputs: [String], to output: String) {
            nodes.append(Graph.Node(name: output, operation: operation, inputs: inputs, outputs: [output]))
        }
        if !isOfPixels { add(GlobalPooling(.average), ["image"], to: "mean") }
        add(Convolution(), [isOfPixels ? "image" : "mean", "weights", "bias"], to: "line")
        if answer == .notANumber { add(UnaryElementwise(.logarithm), ["line"], to: "curve") }
        let last = answer == .notANumber ? "curve" : "line"
        if isOfPixels { add(Identity(), [last], to: "logits") } else { add(Flatten(), [last], to: "logits") }
        return try Graph(
            name: "by hand",
            inputs: [
                Graph.Port(
                    name: "image", elementType: .float32,
                    dimensions: [.fixed(1), .fixed(3), .symbolic("height"), .symbolic("width")])
            ],
            outputs: [Graph.Port(name: "logits", elementType: .float32, dimensions: [])],
            initializers: [
                "weights": Tensor(shape: [classes, 3, 1, 1], signs.flatMap { [0, slope * $0, 0] }),
                "bias": Tensor(shape: [classes], signs.map { bias * $0 }),
            ], nodes: nodes)
    }
}
