import Analysis
import Foundation
import NeuralNetworks
import ONNX

/// A pipeline of one stage around a network that none has yet: an architecture with fresh weights, or a bare ONNX file.
public struct StartingPipeline: Sendable {
    /// Whether its answers mean nothing yet: the weights, or those of the last layer, were drawn.
    public let isFresh: Bool
    /// Where its weights are from, for the card.
    public let origin: String
    /// The rate of learning that usually serves.
    public let rate: Float
    private let graph: Graph
    private let facts: StartingFacts
    private let form: ObjectUNet.Form?
    /// What lies beside an ONNX file as `NAME.md`.
    private let card: String?
    /// What the manifest calls scans of none of the classes, where that is one name.
    private let otherwise: String?

    /// Of fresh weights between batch normalisations, which allow of larger steps.
    private static let normalisedRate: Float = 0.001
    private static let classCounts = 1...10_000
    /// Of a classification that takes any size.
    private static let usualTile = 224

    /// - Parameters:
    ///   - name: of an architecture, or the path of an ONNX file.
    ///   - labels: the classes that the manifest names.
    ///   - seed: what fresh weights are drawn from.
    /// - Throws: ``LearningError`` of kind `usage` for what must be said otherwise, or `unsupported`.
    public init(
        _ name: String, _ facts: StartingFacts, labels: [String], seed: UInt64
    ) throws(LearningError) {
        var facts = facts
        if name.hasSuffix(".onnx") {
            (graph, card, isFresh) = try Self.read(name, facts, seed: seed)
            form = nil
            origin = "those of an ONNX file" + (isFresh ? ", its last layer drawn from seed \(seed)" : "")
            rate = LearningSettings.usualRate
        } else {
            guard let architecture = NamedArchitecture(name) else {
                throw LearningError(
                    .usage,
                    "there is no architecture `\(name)` to begin with, and it is no file NAME.onnx: there are "
                        + NamedArchitecture.spellings.joined(separator: ", "))
            }
            if case .objects(let form, _) = architecture { self.form = form } else { form = nil }
            if facts.classes.isEmpty, architecture.isClassifier { facts.classes = labels.sorted() }
            let network = architecture.network(classes: try Self.count(facts.classes, architecture))
            graph = try Self.drawn(network, side: facts.tile, seed: seed)
            (card, isFresh) = (nil, true)
            origin = "fresh ones of \(network.name), drawn from seed \(seed) (He et al. 2015)"
            let isNormalised = graph.nodes.contains { $0.operation is BatchNormalization }
            rate = isNormalised ? Self.normalisedRate : LearningSettings.usualRate
        }
        let others = labels.filter { !facts.classes.contains($0) }
        otherwise = others.count == 1 ? others[0] : nil
        self.facts = facts
    }

    private static func count(
        _ classes: [String], _ architecture: NamedArchitecture
    ) throws(LearningError) -> Int {
        guard classCounts.contains(classes.count) else {
            throw LearningError(
                .usage,
                architecture.isClassifier
                    ? "the manifest names no class to learn: give it a column class"
                    : "say what the labels mark: --classes gland")
        }
        return classes.count
    }

    private static func drawn(
        _ network: any Architecture, side: Int?, seed: UInt64
    ) throws(LearningError) -> Graph {
        let usual = network.standardInput
        let input = ImageShape(
            channels: usual.channels, height: side ?? usual.height, width: side ?? usual.width)
        do throws(GraphError) {
            return try network.graph(input: input, seed: seed).normalisingFreshly()
        } catch { throw LearningError(.usage, "\(error)") }
    }

    /// A file's network, the card beside it, and whether its last layer was drawn anew.
    private static func read(
        _ path: String, _ facts: StartingFacts, seed: UInt64
    ) throws(LearningError) -> (Graph, card: String?, isFresh: Bool) {
        let graph: Graph
        do throws(ONNXError) {
            // An encoder may come as it was while it learned, as it now goes on to.
            graph = try ONNXModel(path: path).graph.normalisingByRunningStatistics()
        } catch {
            throw LearningError(.unsupported, "the network to begin with cannot be read: \(error)")
        }
        if let card = try? String(contentsOfFile: path.dropLast(5) + ".md", encoding: .utf8) {
            guard facts.classes.isEmpty, facts.normalisation == nil else {
                throw LearningError(
                    .usage, "the card beside the ONNX file says its classes and normalisation: leave both out")
            }
            return (graph, card, false)
        }
        guard !facts.classes.isEmpty, facts.normalisation != nil else {
            throw LearningError(
                .usage,
                "no card NAME.md lies beside the ONNX file: say --classes A B ..., in its order where it has as many answers, and "
                    + "--normalisation, or make a card by `pipeline new`")
        }
        guard let count = graph.headAnswers, count != facts.classes.count,
            let renewed = graph.withFreshHead(of: facts.classes.count, seed: seed)
        else { return (graph, nil, false) }
        return (renewed, nil, true)
    }

    /// Writes the pipeline.
    ///
    /// - Parameter folder: to be made; the pipeline is called like it.
    /// - Throws: ``LearningError``, or ``PipelineError`` for a network that no stage can be of.
    public func write(to folder: String) throws {
        let model = "\(folder)/\(facts.stage).onnx"
        let encoded: Data
        do throws(ONNXError) { encoded = try ONNXModel.encode(graph, producer: "scanreport") } catch {
            throw LearningError(.unsupported, "the network to begin with cannot be written again: \(error)")
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try encoded.write(to: URL(filePath: model))
        } catch {
            throw LearningError(.output, "the folder for temporary files has no room for the network: set TMPDIR")
        }
        let draft = try PipelineDraft(models: [model], folder: folder)
        try draft.write(answers(to: draft.tasks.first ?? .classification))
        guard let card else { return }
        let lines = card.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasPrefix("model:") ? "model: \(facts.stage).onnx" : String($0)
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/\(facts.stage).md"))
    }

    private func answers(to task: ModelCard.Task) throws -> DraftAnswers {
        var answers = DraftAnswers()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Strings in JSON are strings in YAML.
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        answers.answer("architecture", try text(graph.name))
        answers.answer("licence", "as the labels' owner gives it")
        answers.answer("colour", "RGB")
        answers.answer("normalisation", normalisation)
        answers.answer("spacing-um-px", facts.spacing.map { "{value: \($0), source: measured}" })
        answers.answer("activation", task == .detection ? "sigmoid" : "softmax")
        answers.answer("classes", try text(facts.classes))
        answers.answer("background", try text(facts.classes.first { $0.lowercased() == "background" } ?? "none"))
        answers.answer("otherwise", try otherwise.map(text))
        // Objects may be of fluorescence, where no ground is told from tissue by its colour.
        let tissue = task == .detection ? "\ntissue: off" : ""
        answers.answer("unknown", (facts.spacing.map { "assume\n  assumed-um-px: \($0)" } ?? "refuse") + tissue)
        let isOfAnySize = if case .symbolic = graph.inputs.first?.dimensions.dropFirst(2).first { true } else { false }
        if let tile = facts.tile ?? (task == .classification && isOfAnySize ? Self.usualTile : nil) {
            answers.answer("tile", "\(tile)")
            answers.answer("overlap", "\(tile / 4)")
        }
        switch form {
        case .starConvex:
            answers.answer("distance-unit", "pixels")
            answers.answer("cell-position", "middle")
        case .centres:
            answers.answer("sizes", "sizes")
            answers.answer("offsets", "offsets")
        case nil: break
        }
        return answers
    }

    private var normalisation: String {
        switch facts.normalisation {
        case .scale: "{method: scale}"
        case .imagenet: "{method: mean-std, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}"
        case .percentile: "{method: percentile, low: 1, high: 99.8}"
        case nil: "{method: mean-std, mean: 0.5, std: 0.25}"
        }
    }
}
