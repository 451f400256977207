import Analysis
import Findings
import Foundation
import NeuralNetworks
import ONNX
import OneDNN
import TIFF
import TestSupport

/// A pipeline whose networks are known, and scans of rectangles for it. Its folder goes with it.
final class HandmadePipeline {
    /// A network and what its card says of it.
    struct Model {
        var graph: Graph
        var task: String
        /// Keys of the card's `input` and `output`, in YAML's flow style.
        var input = "name: image, normalisation: { method: scale }"
        var output: String
        var tensor = "answer"
        var rest = ""
        /// What else the stage says.
        var stage = ""
    }

    let folder: TemporaryFolder

    /// - Parameters:
    ///   - models: one stage each, named `stage-1`, `stage-2`, ...
    ///   - tissue: how it is found.
    ///   - rest: further keys of the pipeline.
    init(_ models: [Model], tissue: String = "off", rest: String = "") throws {
        folder = try TemporaryFolder()
        var definition = "name: by-hand\nstages:\n"
        for (index, model) in models.enumerated() {
            let name = "stage-\(index + 1)"
            definition += "  - { name: \(name), kind: \(model.task), card: \(name).md\(model.stage) }\n"
            try folder.write("\(name).onnx", ONNXModel.encode(model.graph, producer: "tests"))
            let card = """
                ---
                model: \(name).onnx
                task: \(model.task)
                architecture: by hand
                licence: Apache-2.0
                input: { \(model.input) }
                output: { name: \(model.tensor), \(model.output) }
                \(model.rest)
                ---
                """
            try folder.write("\(name).md", card)
        }
        try folder.write("pipeline.yaml", definition + "tissue: \(tissue)\nspacing: { unknown: refuse }\n\(rest)\n")
    }

    func load() throws(PipelineError) -> Pipeline { try Pipeline(directory: folder.path, engine: OneDNNEngine()) }

    /// What is found in a scan of this picture.
    func result(of picture: Rectangles, threads: Int = 1) throws -> AnalysisResult {
        try result(ofPages: [picture], threads: threads)
    }

    /// What is found in a file of several pages.
    func result(
        ofPages pictures: [Rectangles], threads: Int = 1, regions: RegionsOfInterest? = nil,
        _ change: (inout TIFFPageLayout, Int) -> Void = { _, _ in }
    ) throws -> AnalysisResult {
        let path = folder["scan.tif"]
        var writer = try TIFFWriter(path: path)
        for (number, picture) in pictures.enumerated() {
            var layout = TIFFPageLayout(width: picture.width, height: picture.height, samplesPerPixel: 3)
            layout.resolution = TIFFResolution(x: 10_000, y: 10_000, unit: .centimetre)
            change(&layout, number)
            try writer.beginPage(layout)
            try writer.writeRows(picture.pixels)
        }
        try writer.finish()
        let scan = try OpenedScan(path: path)
        switch try ScanAnalyser(pipeline: load(), tileThreads: threads).analyse(scan, spacing: nil, regions: regions)
            .outcome
        {
        case .done(let result): return result
        case .failed(let failure): throw failure
        }
    }
}

/// A picture of rectangles on a ground.
struct Rectangles {
    static let ground: [UInt8] = [235, 170, 200]
    static let red: [UInt8] = [200, 40, 40]
    static let blue: [UInt8] = [40, 40, 200]

    var width: Int
    var height: Int
    var rectangles: [(box: Finding.Box, colour: [UInt8])] = []

    /// One red and one blue rectangle, at even positions; neither width nor height is a multiple of a tile's.
    static let pair = Rectangles(
        width: 162, height: 130,
        rectangles: [
            (Finding.Box(x: 20, y: 16, width: 40, height: 34), red),
            (Finding.Box(x: 70, y: 40, width: 52, height: 60), blue),
        ])

    /// `[height, width, 3]`
    var pixels: [UInt8] {
        (0..<height).flatMap { y in
            (0..<width).flatMap { x in
                let covering = rectangles.last { rectangle in
                    let box = rectangle.box
                    return (box.x..<box.x + box.width).contains(x) && (box.y..<box.y + box.height).contains(y)
                }
                return covering?.colour ?? Self.ground
            }
        }
    }
}

/// Networks of one convolution over colours.
struct ColourNetwork {
    /// For each class, what red, green, blue (from 0 to 1) and 1 weigh in its logit.
    var classes: [[Float]]
    /// Side of the convolution's kernel, of which only the middle counts.
    var kernel = 1
    /// Whether the answer is as large as the input.
    var pads = true
    /// Of the input as the file declares it: nil for any.
    var side: Int?
    var batch = 1
    var channelsLast = false
    /// What comes after the logits.
    var tail: [any NeuralNetworks.Operator] = []

    /// The ground has the logit 0, and so have red and blue in each other's.
    static let ground: [Float] = [0, 0, 0, 0]
    static let red: [Float] = [40, 0, -40, -15]
    static let blue: [Float] = [-40, 0, 40, -8]

    func graph() throws -> Graph {
        let taps = kernel * kernel
        let channels = (classes[0].count) - 1
        let weights = classes.flatMap {
            $0.dropLast().flatMap { weight in (0..<taps).map { $0 == taps / 2 ? weight : 0 } }
        }
        let padding = pads ? kernel / 2 : 0
        var nodes: [Graph.Node] = []
        var last = "image"
        func add(_ operation: any NeuralNetworks.Operator, _ others: [String] = []) {
            let output = "value-\(nodes.count)"
            nodes.append(Graph.Node(name: output, operation: operation, inputs: [last] + others, outputs: [output]))
            last = output
        }
        if channelsLast { add(Transpose(permutation: [0, 3, 1, 2])) }
        add(Convolution(window: Window(pads: [Int](repeating: padding, count: 4))), ["weights", "bias"])
        for operation in tail { add(operation) }
        if channelsLast && !tail.contains(where: { $0 is Flatten }) { add(Transpose(permutation: [0, 2, 3, 1])) }
        nodes[nodes.count - 1].outputs = ["answer"]
        let sides: [Graph.Dimension] = side.map { [.fixed($0), .fixed($0)] } ?? [.symbolic("h"), .symbolic("w")]
        let depth: [Graph.Dimension] = [.fixed(channels)]
        return try Graph(
            name: "colours",
            inputs: [
                Graph.Port(
                    name: "image", elementType: .float32,
                    dimensions: [.fixed(batch)] + (channelsLast ? sides + depth : depth + sides))
            ],
            outputs: [Graph.Port(name: "answer", elementType: .float32, dimensions: [])],
            initializers: [
                "weights": Tensor(shape: [classes.count, channels, kernel, kernel], weights),
                "bias": Tensor(shape: [classes.count], classes.map { $0[channels] }),
            ],
            nodes: nodes)
    }
}
