import Analysis
import ArgumentParser
import Crypto
import Evaluation
import Findings
import FoundationEssentials
import Learning
import Listings
import NeuralNetworks

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network on your own labels, a stage's further or a fresh one: a new pipeline comes out.",
        discussion: """
            The manifest is the one that `evaluate` takes: patient, scan, mask (or outlines) or class, or for a detection labels (or \
            mask) with a number for each object, outlines, or boxes (a table of scan, x, y, width, height, class), and split, which says train \
            for scans to learn from and val for scans of other patients, on which the new pipeline is calibrated and held against \
            the old one. Paths are relative to its folder. Without a column split a fifth of the patients is drawn for val, and \
            the manifest with the split is written to OUTPUT.split.csv. What `export --format labels` writes is such a manifest.

            A training that was killed goes on where it was when the same command is given again, and comes to the same weights, \
            at any number of threads. Until it is whole, the new pipeline lies in OUTPUT.training.

            Ends with 1 where the new pipeline does worse than the old one on the split val.
            """)

    @OptionGroup var pipeline: PipelineOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The stage whose network learns; with --from, what the new one is called.", valueName: "name"))
    var stage: String

    @OptionGroup var start: StartOptions

    @Option(name: .long, help: ArgumentHelp("The labels.", valueName: "csv"))
    var manifest: String

    @Option(name: .long, help: ArgumentHelp("The folder of the new pipeline.", valueName: "folder"))
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How often each tile is seen (10, from fresh weights 50, unless --minutes is given).", valueName: "count"))
    var epochs: Int?

    @Option(name: .long, help: ArgumentHelp("How long to train, instead of --epochs.", valueName: "count"))
    var minutes: Double?

    @Option(name: .long, help: ArgumentHelp("Tiles that go through the network at once.", valueName: "count"))
    var batch = 16

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Batches of a step: two of 8 tiles take half the memory of one of 16.", valueName: "count"))
    var accumulate = 1

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The highest rate of learning (0.0003; from fresh weights with batch normalisations 0.001).",
            valueName: "number"))
    var rate: Float?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How much tiles are changed: zoom, turn, stain, light, focus, noise, compression; 0: mirrors and right angles alone.",
            valueName: "0...2"))
    var augmentation: Float = 0.8

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End after so many looks at val (of 20) without a lower loss (of a detection, a higher F1), and take the best weights.",
            valueName: "count"))
    var patience: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "float32, or bfloat16 (where the processor has it): in which convolutions multiply.", valueName: "precision"
        ))
    var precision: Precision = .float32

    @OptionGroup var outlines: OutlineOptions

    @Option(name: .long, help: ArgumentHelp("Of a detection: the scans' objects, as boxes.", valueName: "csv"))
    var objects: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Of a detection: the scans' objects, as label images NAME.png or NAME.tif.", valueName: "folder"))
    var labels: String?

    @Option(name: .long, help: ArgumentHelp("Another one gives other weights.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(name: .long, help: ArgumentHelp("As many as the host has cores, unless given.", valueName: "count"))
    var threads: Int?

    func validate() throws {
        if epochs != nil, minutes != nil { throw ValidationError("--epochs and --minutes cannot both say how long.") }
        if let epochs, !(1...10_000).contains(epochs) { throw ValidationError("--epochs must be from 1 to 10000.") }
        if let minutes, !(0.05...100_000).contains(minutes) {
            throw ValidationError("--minutes must be from 0.05 to 100000.")
        }
        if start.from != nil {
            if pipeline.pipeline != PipelineOptions.usual {
                throw ValidationError("--pipeline and --from cannot both say what to begin with.")
            }
            guard StageDefinition.isName(stage) else {
                throw ValidationError("--stage must be of lower-case letters, digits and hyphens.")
            }
        }
        if objects != nil, labels != nil {
            throw ValidationError("--objects and --labels cannot both say what is true.")
        }
        if !(1...256).contains(batch) { throw ValidationError("--batch must be from 1 to 256.") }
        if !(1...1_000).contains(accumulate) { throw ValidationError("--accumulate must be from 1 to 1000.") }
        if !(0...2).contains(augmentation) { throw ValidationError("--augmentation must be from 0 to 2.") }
        if let patience, !(1...20).contains(patience) { throw ValidationError("--patience must be from 1 to 20.") }
        if let rate, !(1e-8...1).contains(rate) { throw ValidationError("--rate must be from 0.00000001 to 1.") }
        if precision == .float32Exact { throw ValidationError("--precision must be float32 or bfloat16.") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
    }

    private func settings(_ start: StartingPipeline?) -> LearningSettings {
        let epochs = epochs ?? (start?.isFresh == true ? 50 : 10)
        return LearningSettings(
            length: minutes.map { .time(.seconds(60 * $0)) } ?? .epochs(epochs), batch: batch,
            accumulate: accumulate,
            rate: rate ?? start?.rate ?? LearningSettings.usualRate, augmentation: augmentation, patience: patience,
            seed: seed, threads: threads ?? Host.processorCount, precision: precision)
    }

    func run() throws {
        do {
            let bytes = try EvaluateCommand.bytes(of: manifest)
            let (base, index, new, starting) = try begin(bytes)
            let settings = self.settings(starting)
            let task = try LearningTask(base.stages[index])
            _ = try base.stages[index].training(batch: settings.batch)
            let analyser = try ScanAnalyser(pipeline: base, tileThreads: settings.threads)
            let manifest = manifest
            let path: @Sendable (String) -> String = { EvaluateCommand.path($0, beside: manifest) }
            let split = try PatientSplit(truths(bytes, task), task: task, seed: settings.seed)
            let labels = try LabelledScans(
                split.truths, task: task, stage: index, analyser: analyser, outlines: outlines.counted,
                threads: settings.threads, path: path)
            for notice in labels.notices { StandardError.write("\(notice)\n") }
            try new.makeFolder()
            if split.isDrawn {
                try split.write(to: "\(folder).split.csv", path: path)
                StandardError.write("the manifest has no split: one by patient was drawn, see \(folder).split.csv\n")
            }
            let learner = Learner(
                analyser, stage: index, task: task, labels: labels, settings: settings,
                trainer: ProgramEngine.trainer, engine: ProgramEngine.engine, isFresh: starting?.isFresh ?? false)
            StandardError.write(
                "learning from \(labels.learned.count.counting("scan")) of \(labels.patients.learned.counting("patient")), in tiles of "
                    + "\(learner.side) x \(learner.side) pixels; trying on \(labels.tried.count) of \(labels.patients.tried)\n"
            )
            let outcome = try learner.run(new.checkpoint) { StandardError.write("\(Self.line($0))\n") }
            let (graph, temperature) = try learner.calibrated(outcome.graph)
            try new.write(
                graph, temperature: temperature,
                LearnedPipeline.Provenance(
                    settings: settings, outcome: outcome, side: learner.side, labels: labels,
                    manifest: ContentHash(digest: SHA256.hash(data: Data(bytes))), isSplitDrawn: split.isDrawn))
            let comparison = try compared(
                new, labels, before: starting?.isFresh == true ? nil : analyser, task, threads: settings.threads)
            let figures = "\(comparison.table)\n\(comparison.verdict).\n"
            try new.write(figures: figures)
            try new.write(
                TrainingPage(
                    stage: stage, outcome: outcome, comparison: comparison,
                    samples: learner.samples(of: graph, temperature: temperature)))
            try new.publish()
            try StandardOutput.write(
                figures + "next: scanreport pipeline check \(folder)\n", needsAttention: comparison.isWorse)
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(any: error)
        }
    }

    /// The output without a slash at its end.
    var folder: String { output.hasSuffix("/") ? String(output.dropLast()) : output }

    /// Tests the new pipeline, and holds it against the old one, where that could do anything.
    private func compared(
        _ new: LearnedPipeline, _ labels: LabelledScans, before: ScanAnalyser?, _ task: LearningTask, threads: Int
    ) throws -> TrialComparison {
        let learned = try Pipeline(directory: new.folder, engine: ProgramEngine.engine)
        _ = try TestTensors(learned, directory: new.folder).write()
        try learned.verify()
        let which = before == nil ? "the new pipeline" : "both pipelines"
        StandardError.write("trying \(which) on \(labels.tried.count.counting("scan"))\n")
        return try TrialComparison(
            on: labels.tried, before: before, after: ScanAnalyser(pipeline: learned, tileThreads: threads),
            task)
    }

    private func truths(_ bytes: [UInt8], _ task: LearningTask) throws -> [GroundTruth] {
        guard task.kind == .detection else {
            guard objects == nil, labels == nil else {
                throw CommandFailure(.wrongUsage, "--objects and --labels are for detections")
            }
            return try GroundTruth.manifest(bytes)
        }
        let rows = try ObjectManifestRow.read(bytes)
        let boxes = try objects.map { try EvaluateCommand.boxes($0, of: rows, beside: manifest).match }
        return rows.map { row in
            var row = row
            // Of a scan that neither names, nothing is known.
            if let objects, row.boxes != nil || boxes?.truth(of: row.scan) != nil {
                row.boxes = URL(filePath: objects).path
            }
            if let labels { row.labels = row.labels ?? row.labelImage(in: URL(filePath: labels).path) }
            return GroundTruth(row)
        }
    }

    private static func line(_ progress: LearningProgress) -> String {
        let left =
            progress.timeLeft.map { ", \(Int($0 / .seconds(60))) min \(Int($0 / .seconds(1)) % 60) s left" } ?? ""
        let steps = progress.steps == 0 ? "" : " of \(progress.steps)"
        let pace = (progress.tilesPerSecond * 10).rounded() / 10
        let loss = (progress.loss * 10_000).rounded() / 10_000
        let tried = progress.triedLoss.map { ", on val \(($0 * 10_000).rounded() / 10_000)" } ?? ""
        let f1 = progress.triedF1.map { " (F1 \(($0 * 1_000).rounded() / 1_000))" } ?? ""
        return "step \(progress.step)\(steps): loss \(loss)\(tried)\(f1), \(pace) tiles/s\(left)"
    }
}
