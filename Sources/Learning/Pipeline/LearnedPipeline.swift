import Analysis
import Findings
import Foundation
import NeuralNetworks
import ONNX

/// A pipeline's folder with one network learned further: the other stages as they are.
public struct LearnedPipeline {
    private let base: Pipeline
    private let baseFolder: String
    private let stage: LoadedStage
    private let folder: String
    /// The program that trains, with its version.
    private let program: String

    /// - Throws: ``LearningError`` of kind `output` for a folder that holds a pipeline.
    public init(
        of base: Pipeline, in baseFolder: String, stage: Int, folder: String, program: String
    ) throws(LearningError) {
        self.base = base
        self.baseFolder = baseFolder
        self.stage = base.stages[stage]
        self.folder = folder
        self.program = program
        guard !FileManager.default.fileExists(atPath: folder + "/pipeline.yaml") else {
            throw LearningError(.output, "there is a pipeline in the output's folder already: name another")
        }
    }

    /// Makes the folder, where there is none.
    public func makeFolder() throws(LearningError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw LearningError(.output, "the output's folder cannot be made") }
    }

    /// Where a training that was killed is taken up.
    public var checkpoint: Checkpoint { Checkpoint(path: folder + "/training.checkpoint") }

    /// What the weights come from, for the card.
    public struct Provenance: Sendable {
        public var settings: LearningSettings
        public var steps: Int
        public var side: Int
        public var learned: (scans: Int, patients: Int)
        public var tried: (scans: Int, patients: Int)
        public var manifest: ContentHash

        public init(
            settings: LearningSettings, steps: Int, side: Int, learned: (scans: Int, patients: Int),
            tried: (scans: Int, patients: Int), manifest: ContentHash
        ) {
            self.settings = settings
            self.steps = steps
            self.side = side
            self.learned = learned
            self.tried = tried
            self.manifest = manifest
        }
    }

    /// Writes all but the figures, `pipeline.yaml` last: without it there is no pipeline.
    ///
    /// - Parameter temperature: by what the logits are divided.
    public func write(_ graph: Graph, temperature: Double, _ provenance: Provenance) throws {
        let model = stage.model.card.model
        try put(ONNXModel.encode(graph, producer: program), as: model)
        let tests = [stage.model.card.test.input] + stage.model.card.test.outputs(of: stage.model.card.output)
        for name in try FileManager.default.contentsOfDirectory(atPath: baseFolder) {
            let isOwn = tests.contains(name) || [model, stage.definition.card, "pipeline.yaml"].contains(name)
            var isFolder: ObjCBool = false
            guard !isOwn, FileManager.default.fileExists(atPath: "\(baseFolder)/\(name)", isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            try put(Data(contentsOf: URL(filePath: "\(baseFolder)/\(name)")), as: name)
        }
        let card = try text(stage.definition.card)
        try put(Data((Self.calibrated(card, temperature) + section(provenance)).utf8), as: stage.definition.card)
        try put(Data(Self.named(try text("pipeline.yaml"), folder).utf8), as: "pipeline.yaml")
    }

    /// Adds the figures to the card.
    public func write(figures: String) throws {
        let card = try String(contentsOf: URL(filePath: "\(folder)/\(stage.definition.card)"), encoding: .utf8)
        try put(Data((card + "\n" + figures).utf8), as: stage.definition.card)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(baseFolder)/\(name)"), encoding: .utf8)
    }

    private func put(_ data: Data, as name: String) throws(LearningError) {
        do { try data.write(to: URL(filePath: "\(folder)/\(name)"), options: .atomic) } catch {
            throw LearningError(.output, "\(name) cannot be written: is the disk full?")
        }
    }

    private func section(_ provenance: Provenance) -> String {
        let settings = provenance.settings
        return """

            ## Learned further
            By \(program), from the weights of the pipeline \(base.definition.name), fingerprint
            \(base.identity.sha256.hexadecimal).

            - Labels: \(provenance.learned.scans) scans of \(provenance.learned.patients) patients to learn from,
              \(provenance.tried.scans) of \(provenance.tried.patients) others for the temperature and the figures below;
              their manifest's SHA-256 is \(provenance.manifest.hexadecimal). Their licence is as their owner gives it.
            - Settings: \(provenance.steps) steps of \(settings.batch) tiles of \(provenance.side) x \(provenance.side) pixels, AdamW
              at up to \(settings.rate), a cosine down to 0, the running mean of the weights, seed \(settings.seed).
            - Mirrored and turned by right angles, stains and light changed.
            - What is said above of data, training and figures is of the weights before.

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
        guard !name.isEmpty, name.utf8.count <= 64,
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        else { return definition }
        return definition.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("name:") ? "name: \(name)" : String($0) }.joined(separator: "\n")
    }
}
