import Analysis
import Findings
import Fixtures
import Foundation
import Imaging
import NeuralNetworks
import ONNX
import OneDNN
import TIFF
import TestSupport

/// A pipeline whose networks are known: what is dark in red is a structure. Its folder goes with it.
final class ColourPipeline {
    /// Red of structures and of what lies between them, in scans of ``scan(of:named:)``.
    private static let structure: [UInt8] = [120, 60, 150]
    private static let ground: [UInt8] = [235, 170, 200]

    let folder: TemporaryFolder
    let pipeline: Pipeline

    /// - Parameters:
    ///   - blur: side of the square over which the segmentation network takes the mean first: its receptive field.
    ///   - spacing: micrometres per pixel that the models claim to be trained at.
    ///   - minimumArea: of a region, in pixels that the models see.
    ///   - settings: further lines of `pipeline.yaml`.
    init(
        tile: Int, overlap: Int, blur: Int = 1, spacing: Double = 1.5, minimumArea: Int = 1, settings: String = "",
        engine: any Engine = OneDNNEngine()
    ) throws {
        folder = try TemporaryFolder()
        let definition = Self.definition(tile: tile, overlap: overlap, minimumArea: minimumArea)
        try folder.write("pipeline.yaml", definition + "\n" + settings)
        for (name, graph) in [("marks", try Self.marking(blur: blur)), ("grades", try Self.grading())] {
            try folder.write("\(name).onnx", ONNXModel.encode(graph, producer: "tests"))
            try folder.write("\(name).md", Self.card(of: name, spacing: spacing))
        }
        pipeline = try Pipeline(directory: folder.path, engine: engine)
    }

    /// The regions that are found in a scan of this picture.
    func regions(of drawing: Drawing, spacing: Double, threads: Int = 2) throws -> [Finding] {
        try result(of: drawing, spacing: spacing, threads: threads).findings.filter { $0.kind == .region }
    }

    /// What is recorded of a scan of this picture.
    func result(of drawing: Drawing, spacing: Double, threads: Int = 2) throws -> AnalysisResult {
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: drawing.window.width, height: drawing.window.height, samplesPerPixel: 3)
        layout.resolution = TIFFResolution(x: 10_000 / spacing, y: 10_000 / spacing, unit: .centimetre)
        layout.compression = .lzw
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows(drawing.labels.flatMap { $0 == 0 ? Self.ground : Self.structure })
        try writer.finish()
        let scan = try OpenedScan(path: file.path)
        let analyser = try ScanAnalyser(pipeline: pipeline, tileThreads: threads)
        switch analyser.analyse(scan, spacing: nil).outcome {
        case .done(let result): return result
        case .failed(let failure): throw failure
        }
    }

    private static func definition(tile: Int, overlap: Int, minimumArea: Int) -> String {
        """
        name: colours
        stages:
          - { name: marks, kind: segmentation, card: marks.md, tile: \(tile), overlap: \(overlap), threshold: 0.5,
              minimum-area-px: \(minimumArea) }
          - { name: grades, kind: classification, within: marks, card: grades.md, tile: 64 }
        tissue: off
        spacing: { unknown: refuse }
        """
    }

    private static func card(of name: String, spacing: Double) -> String {
        let isMarking = name == "marks"
        return """
            ---
            model: \(name).onnx
            task: \(isMarking ? "segmentation" : "classification")
            architecture: by hand
            licence: Apache-2.0
            input:
              name: image
              layout: NCHW
              colour: RGB
              normalisation: { method: scale }
              spacing-um-px: { value: \(spacing), source: measured }
            output:
              name: logits
              activation: \(isMarking ? "sigmoid" : "softmax")
              classes: \(isMarking ? "[structure]" : "[dark, light]")
            calibration: { method: none }
            test: { input: none.npy, output: none.npy, tolerance: { relative: 0, absolute: 0 } }
            ---
            """
    }

    /// `[1, 3, H, W]` to `[1, 1, H, W]`: 0 half-way between the two colours' red, falling with it.
    private static func marking(blur: Int) throws -> Graph {
        let steepness: Float = 20
        let middle = Float(Int(structure[0]) + Int(ground[0])) / 2 / 255
        let area = blur * blur
        let weights = (0..<3 * area).map { $0 < area ? -steepness / Float(area) : 0 }
        return try graph(
            output: "logits",
            initializers: [
                "weights": Tensor(shape: [1, 3, blur, blur], weights),
                "bias": Tensor(shape: [1], [steepness * middle]),
            ],
            nodes: [
                Graph.Node(
                    name: "mark",
                    operation: Convolution(window: Window(pads: [Int](repeating: blur / 2, count: 4))),
                    inputs: ["image", "weights", "bias"], outputs: ["logits"])
            ])
    }

    private static func grading() throws -> Graph {
        try graph(
            output: "logits",
            initializers: ["weights": Tensor(shape: [2, 3, 1, 1], [-1, 0, 0, 1, 0, 0] as [Float])],
            nodes: [
                Graph.Node(
                    name: "mean", operation: GlobalPooling(.average), inputs: ["image"], outputs: ["colour"]),
                Graph.Node(
                    name: "grade", operation: Convolution(), inputs: ["colour", "weights"], outputs: ["map"]),
                Graph.Node(name: "flat", operation: Flatten(), inputs: ["map"], outputs: ["logits"]),
            ])
    }

    private static func graph(
        output: String, initializers: [String: Tensor], nodes: [Graph.Node]
    ) throws -> Graph {
        try Graph(
            name: "colours",
            inputs: [
                Graph.Port(
                    name: "image", elementType: .float32,
                    dimensions: [.fixed(1), .fixed(3), .symbolic("height"), .symbolic("width")])
            ],
            outputs: [Graph.Port(name: output, elementType: .float32, dimensions: [])], initializers: initializers,
            nodes: nodes)
    }
}
