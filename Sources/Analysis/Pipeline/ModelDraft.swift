import FoundationEssentials
import NeuralNetworks
import ONNX

/// A model's card as far as its ONNX file tells it.
struct ModelDraft: Sendable {
    /// The file's name without its suffix; also that of its stage, where it can be.
    let name: String
    /// The folder that it is in, and its files there: those of its weights too.
    let folder: String
    let files: [String]
    let task: ModelCard.Task
    /// Side of the input, where the graph takes no other.
    let side: Int?
    /// Those that may be taken, the usual one first.
    let sides: [Int]
    /// Of a segmentation's map, for the first side that is taken.
    let answerSide: Int?
    let graph: Graph
    private let input: Graph.Port
    private let output: Graph.Port
    private let layout: ModelInput.Layout
    private let outputLayout: ModelInput.Layout
    private let channels: Int
    private let classes: Int
    private let lastFunction: String?
    let detection: DetectionDraft?

    /// Sides that are tried where the file fixes none.
    private static let trialSides = [256, 224, 299, 512, 384, 128, 96, 64, 32]
    private static let usualTile = 512
    private static let open = "\"\(StrictMapping.open)\""

    init(path: String) throws(PipelineError) {
        let file = URL(filePath: path).lastPathComponent
        guard file.hasSuffix(".onnx"), FileManager.default.fileExists(atPath: path) else {
            throw PipelineError(.missing, file: file, "is no file NAME.onnx that is there")
        }
        name = String(file.dropLast(5))
        folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let model: ONNXModel
        do throws(ONNXError) {
            model = try ONNXModel(path: path)
        } catch {
            throw PipelineError(.invalid, file: file, "\(error)")
        }
        files = [file] + model.weightFiles
        let graph = model.graph
        self.graph = graph
        guard graph.inputs.count == 1, let input = graph.inputs.first, input.dimensions.count == 4 else {
            let names = graph.inputs.map { "`\($0.name)`" }.joined(separator: ", ")
            throw PipelineError(.unsupported, file: file, "takes \(names): a stage gives one image, of four axes")
        }
        if case .fixed(let batch) = input.dimensions[0], batch != 1 {
            throw PipelineError(.unsupported, file: file, "takes \(batch) images at once: export it for a batch of 1")
        }
        self.input = input
        for layout in [ModelInput.Layout.nchw, .nhwc] {
            for channels in [3, 1] {
                guard let found = Self.answer(of: graph, input, layout, channels: channels) else { continue }
                let drafted = DetectionDraft(found.all) { graph.lastFunction(of: $0.name) }
                guard drafted != nil || found.shape.rank < 5 else { continue }
                self.layout = layout
                self.channels = channels
                side = found.isFixed ? found.side : nil
                sides = found.isFixed ? [found.side] : [Self.usualTile] + Self.trialSides
                if let detection = drafted {
                    self.detection = detection
                    output = detection.scores
                    (task, outputLayout, classes) = (.detection, detection.layout, detection.classes)
                    lastFunction = graph.lastFunction(of: detection.scores.name)
                    answerSide = nil
                    return
                }
                detection = nil
                output = found.output
                lastFunction = graph.lastFunction(of: found.output.name)
                let shape = found.shape
                let isMap = shape.rank >= 3 && shape.dimensions.filter { $0 > 1 }.count >= 2
                task = isMap ? .segmentation : .classification
                // The axis of classes is the one that is not like another.
                outputLayout = isMap && shape.rank == 4 && shape[1] == shape[2] && shape[3] != shape[1] ? .nhwc : .nchw
                answerSide = isMap ? (outputLayout == .nhwc || shape.rank == 3 ? shape[1] : shape[2]) : nil
                classes =
                    isMap ? (shape.rank == 3 ? 1 : outputLayout == .nchw ? shape[1] : shape[3]) : shape.elementCount
                return
            }
        }
        throw PipelineError(
            .unsupported, file: file, "takes no square image of one or three channels, or answers with no map or scores"
        )
    }

    private static func answer(
        of graph: Graph, _ input: Graph.Port, _ layout: ModelInput.Layout, channels: Int
    ) -> (shape: Shape, output: Graph.Port, all: [(port: Graph.Port, shape: Shape)], side: Int, isFixed: Bool)? {
        let fixed = input.dimensions[layout == .nchw ? 2 : 1]
        let isFixed = if case .fixed = fixed { true } else { false }
        for side in isFixed ? [fixed.extent ?? 0] : trialSides {
            let shape: Shape = layout == .nchw ? [1, channels, side, side] : [1, side, side, channels]
            guard let typed = try? graph.inferred(inputShapes: [input.name: shape]) else { continue }
            let answers = graph.outputs.compactMap { output in typed.types[output.name].map { (output, $0.shape) } }
            let read = answers.filter { (2...5).contains($0.1.rank) && $0.1[0] == 1 }
            guard let (output, shape) = read.first else { continue }
            func isTaken(_ side: Int) -> Bool {
                let shape: Shape = layout == .nchw ? [1, channels, side, side] : [1, side, side, channels]
                return (try? graph.inferred(inputShapes: [input.name: shape])) != nil
            }
            // Of some files any size may be asked for, and one is taken.
            let isOnly = isFixed || !trialSides.contains { $0 != side && isTaken($0) }
            return (shape, output, answers, side, isOnly)
        }
        return nil
    }

    /// What the stage is called.
    var stage: String {
        let letters = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(letters.prefix(64))
    }

    var summary: String {
        let size = side.map { "\($0) x \($0) pixels" } ?? "any size"
        return "\(task.rawValue), \(size), \(classes) class\(classes == 1 ? "" : "es")"
    }

    /// The card's line of classes, open or with stand-ins.
    func classNames(isOpen: Bool) -> String {
        "classes: [\((0..<classes).map { isOpen ? Self.open : "class-\($0)" }.joined(separator: ", "))]"
    }

    /// - Parameter trial: tiles that the model loads with, once they are known.
    func card(_ trial: Trial?) -> String {
        let isOfOneClass = classes == 1
        let activation =
            lastFunction != nil ? "none" : isOfOneClass || detection?.isOfOneChannel == true ? "sigmoid" : Self.open
        let needsBackground = task == .segmentation && !isOfOneClass
        let form = (detection?.lines ?? []).map { "\n  \($0)" }.joined()
        let crop =
            trial?.isCropOpen == true
            ? "\n  # Pixels along each edge of the input without an answer; 0 where the answer is only coarser.\n  crop: \(Self.open)"
            : ""
        let isMultiLabel = task != .detection && lastFunction?.hasSuffix("Sigmoid") == true && !isOfOneClass
        let multiLabel = isMultiLabel ? "\n  multi-label: true" : ""
        let needsOtherwise = task == .classification && (isOfOneClass || isMultiLabel)
        let otherwise =
            needsOtherwise ? "\n  # What is called so has a half of no class.\n  otherwise: \(Self.open)" : ""
        return """
            ---
            model: \(name).onnx
            task: \(task.rawValue)
            architecture: \(Self.open)
            licence: \(Self.open)
            input:
              name: "\(input.name)"
              layout: \(layout.rawValue)
              colour: \(channels == 1 ? "grey" : Self.open)
              # What the network was trained with: {method: scale} for pixel / 255, or {method: mean-std, mean: [...], std: [...]}.
              normalisation: \(Self.open)\(side.map { "\n  size: [\($0), \($0)]" } ?? "")
              # Micrometres per pixel of the images that it was trained on.
              spacing-um-px: {value: \(Self.open), source: measured}
            output:
              name: "\(output.name)"\(form)
              layout: \(outputLayout.rawValue)
              activation: \(activation)\(multiLabel)
              \(classNames(isOpen: true))\(needsBackground ? "\n  background: \(Self.open)" : "")\(otherwise)\(crop)
            calibration:
              method: none
            test:
              input: \(name).test-input.npy
              output: \(name).test-output.npy
              tolerance: {relative: 0.001, absolute: 0.001}
            ---
            # \(name)

            Intended use, data, training, limits: what whoever relies on its answers must know.

            """
    }
}

extension Graph.Dimension {
    fileprivate var extent: Int? { if case .fixed(let extent) = self { extent } else { nil } }
}
