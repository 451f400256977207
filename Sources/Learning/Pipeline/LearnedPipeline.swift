import Analysis
import Findings
import Foundation
import Glibc
import Listings
import NeuralNetworks
import ONNX

/// A pipeline's folder with one network learned further: the other stages as they are.
///
/// It is made in a folder beside, `OUTPUT.training`, and gets its name when it is whole.
public struct LearnedPipeline {
    private let base: Pipeline
    private let stage: LoadedStage
    /// The base's files as they were at the start: its definition, the stage's card, and the paths of others to be copied.
    private let definition, card: String
    private let others: [String]
    /// Where the weights at the start are from; nil for the base's.
    private let origin: String?
    /// Where it will be.
    private let output: String
    /// Where it is made.
    public let folder: String
    /// The program that trains, with its version.
    private let program: String

    /// - Parameters:
    ///   - base: what lies in `baseFolder`.
    ///   - origin: where its weights are from, where it was made for this training.
    /// - Throws: ``LearningError`` of kind `output` for a folder that holds something.
    public init(
        of base: Pipeline, in baseFolder: String, origin: String? = nil, stage: Int, output: String, program: String
    ) throws(LearningError) {
        self.base = base
        self.stage = base.stages[stage]
        self.output = output
        self.program = program
        self.origin = origin
        do {
            definition = try String(contentsOfFile: "\(baseFolder)/pipeline.yaml", encoding: .utf8)
            card = try String(contentsOfFile: "\(baseFolder)/\(self.stage.definition.card)", encoding: .utf8)
            others = try FileManager.default.contentsOfDirectory(atPath: baseFolder).map { "\(baseFolder)/\($0)" }
        } catch { throw LearningError(.unsupported, "the pipeline's folder cannot be read") }
        folder = output + ".training"
        guard !FileManager.default.fileExists(atPath: output + "/pipeline.yaml") else {
            throw LearningError(.output, "there is a pipeline in the output's folder already: name another")
        }
        let isFree =
            !FileManager.default.fileExists(atPath: output)
            || (try? FileManager.default.contentsOfDirectory(atPath: output))?.isEmpty == true
        guard isFree else { throw LearningError(.output, "the output is there already: name another folder") }
    }

    /// Makes the folder in which it is made, where there is none.
    public func makeFolder() throws(LearningError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw LearningError(.output, "the output's folder cannot be made") }
    }

    /// Gives it its name.
    public func publish() throws(LearningError) {
        guard rename(folder, output) == 0 else {
            throw LearningError(.output, "the new pipeline cannot be given its name: it is in the output's .training")
        }
        try? FileManager.default.removeItem(atPath: "\(output)/\(Self.checkpointName)")
    }

    private static let checkpointName = "training.checkpoint"

    /// Where a training that was killed is taken up.
    public var checkpoint: Checkpoint { Checkpoint(path: "\(folder)/\(Self.checkpointName)") }

    /// What the weights come from, for the card.
    public struct Provenance: Sendable {
        public var settings: LearningSettings
        public var steps: Int
        public var share: Float
        public var side: Int
        public var learned: (scans: Int, patients: Int)
        public var tried: (scans: Int, patients: Int)
        public var manifest: ContentHash
        /// Whether the manifest had no split, and one was drawn.
        public var isSplitDrawn: Bool

        public init(
            settings: LearningSettings, outcome: Learner.Outcome, side: Int, labels: LabelledScans,
            manifest: ContentHash,
            isSplitDrawn: Bool
        ) {
            self.settings = settings
            steps = outcome.steps
            share = outcome.share
            self.side = side
            learned = (labels.learned.count, labels.patients.learned)
            tried = (labels.tried.count, labels.patients.tried)
            self.manifest = manifest
            self.isSplitDrawn = isSplitDrawn
        }
    }

    /// Writes all but the figures, `pipeline.yaml` last: without it there is no pipeline.
    ///
    /// - Parameter temperature: by what the logits are divided.
    public func write(_ graph: Graph, temperature: Double, _ provenance: Provenance) throws {
        let model = stage.model.card.model
        for name in tests { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        try put(ONNXModel.encode(graph, producer: program), as: model)
        for path in others {
            let name = URL(filePath: path).lastPathComponent
            let isOwn =
                tests.contains(name)
                || [model, stage.definition.card, "pipeline.yaml", TrainingPage.name].contains(name)
            var isFolder: ObjCBool = false
            guard !isOwn, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            try put(Data(contentsOf: URL(filePath: path)), as: name)
        }
        try put(Data((Self.calibrated(card, temperature) + section(provenance)).utf8), as: stage.definition.card)
        try put(Data(Self.named(definition, output).utf8), as: "pipeline.yaml")
    }

    /// Adds the figures to the card.
    public func write(figures: String) throws {
        let card = try String(contentsOf: URL(filePath: "\(folder)/\(stage.definition.card)"), encoding: .utf8)
        try put(Data((card + "\n" + figures).utf8), as: stage.definition.card)
    }

    /// Adds the page that shows how it went.
    public func write(_ page: TrainingPage) throws(LearningError) {
        try put(Data(page.html.utf8), as: TrainingPage.name)
    }

    /// Names of the test tensors, which are of the old weights.
    private var tests: [String] {
        [stage.model.card.test.input] + stage.model.card.test.outputs(of: stage.model.card.output)
    }

    private func put(_ data: Data, as name: String) throws(LearningError) {
        do { try data.write(to: URL(filePath: "\(folder)/\(name)"), options: .atomic) } catch {
            throw LearningError(.output, "\(name) cannot be written: is the disk full?")
        }
    }

    private func section(_ provenance: Provenance) -> String {
        let settings = provenance.settings
        let tiles = settings.batch * settings.accumulate
        let split = provenance.isSplitDrawn ? " The split was drawn by patient, from the seed." : ""
        let isDetection = stage.model.card.task == .detection
        let choice =
            settings.patience == nil
            ? ""
            : "\n- The weights are those with the \(isDetection ? "highest F1" : "lowest loss") on the latter, which flatters "
                + "their figures below."
        let way =
            provenance.share == 1
            ? ""
            : "\n- The weights are \(provenance.share) of the way from those before to those learned: as near to the former as the "
                + "loss on the latter scans allows."
        let start =
            origin.map { ". The weights began as \($0)." }
            ?? ", from the weights of the pipeline \(base.definition.name), fingerprint\n\(base.identity.sha256.hexadecimal)."
        let before =
            origin == nil ? "\n- What is said above of data, training and figures is of the weights before." : ""
        return """

            ## Learned\(origin == nil ? " further" : "")
            By \(program)\(start)

            - Labels: \(provenance.learned.scans.counting("scan")) of \(provenance.learned.patients.counting("patient")) to learn from,
              \(provenance.tried.scans) of \(provenance.tried.patients) others for the temperature and the figures below;
              their manifest's SHA-256 is \(provenance.manifest.hexadecimal).\(split)
              Their licence is as their owner gives it.
            - Settings: \(provenance.steps) steps of \(tiles) tiles of \(provenance.side) x \(provenance.side) pixels, AdamW
              at up to \(settings.rate), a cosine down to 0, the running mean of the weights, seed \(settings.seed).
            - Tiles were mirrored, turned and zoomed, and their stains, light, focus, noise and compression changed, at a strength
              of \(settings.augmentation).\(choice)\(way)\(before)

            """
    }

    /// A card with another temperature.
    static func calibrated(_ card: String, _ temperature: Double) -> String {
        var lines = card.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let end = lines.dropFirst().firstIndex(where: { $0.hasPrefix("---") }) else { return card }
        if let start = lines[..<end].firstIndex(where: { $0.hasPrefix("calibration:") }) {
            var next = start + 1
            while next < end, lines[next].hasPrefix(" ") || lines[next].isEmpty { next += 1 }
            lines.removeSubrange(start..<next)
        }
        let place = lines.dropFirst().firstIndex { $0.hasPrefix("---") } ?? lines.count
        lines.insert(contentsOf: ["calibration:", "  method: temperature", "  temperature: \(temperature)"], at: place)
        return lines.joined(separator: "\n")
    }

    /// A pipeline's definition with the name of its new folder, where that is one.
    static func named(_ definition: String, _ folder: String) -> String {
        let name = URL(filePath: folder).lastPathComponent
        guard StageDefinition.isName(name) else { return definition }
        return definition.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("name:") ? "name: \(name)" : String($0) }.joined(separator: "\n")
    }
}
