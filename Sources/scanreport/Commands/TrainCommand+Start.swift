import Analysis
import Evaluation
import Foundation
import Learning

extension TrainCommand {
    /// The pipeline to begin with and its stage, where the new one is made, and what was made to begin with.
    typealias Beginning = (base: Pipeline, stage: Int, new: LearnedPipeline, starting: StartingPipeline?)

    /// - Parameter manifest: its bytes, for the classes that it names.
    func begin(_ manifest: [UInt8]) throws -> Beginning {
        if let from = start.from { return try begin(from, manifest) }
        let place = try pipeline.folder()
        let base = try Pipeline(directory: place, engine: ProgramEngine.engine)
        guard let index = base.stages.firstIndex(where: { $0.definition.name == stage }) else {
            let names = base.stages.map(\.definition.name).joined(separator: ", ")
            throw CommandFailure(.unusable, "the pipeline has no stage \(stage): there are \(names)")
        }
        let new = try LearnedPipeline(of: base, in: place, stage: index, output: folder, program: Self.program)
        return (base, index, new, nil)
    }

    private func begin(_ from: String, _ manifest: [UInt8]) throws -> Beginning {
        if from.hasSuffix(".onnx"), !FileManager.default.fileExists(atPath: from) {
            throw CommandFailure(.missing, "\(from): is not there")
        }
        let labels = Set(((try? GroundTruth.manifest(manifest)) ?? []).compactMap(\.label))
        let facts = StartingFacts(
            stage: stage, classes: start.classes, spacing: start.spacing, tile: start.tile,
            normalisation: start.normalisation)
        let starting = try StartingPipeline(from, facts, labels: Array(labels), seed: seed)
        // All of it is in memory once it is loaded.
        let place = FileManager.default.temporaryDirectory.appending(path: "scanreport-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        let made = place.appending(path: URL(filePath: folder).lastPathComponent).path
        try starting.write(to: made)
        let base = try Pipeline(directory: made, engine: ProgramEngine.engine)
        let new = try LearnedPipeline(
            of: base, in: made, origin: starting.origin, stage: 0, output: folder, program: Self.program)
        return (base, 0, new, starting)
    }

    private static let program = "scanreport \(ProgramVersion.current)"
}
