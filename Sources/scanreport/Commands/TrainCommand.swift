import Analysis
import ArgumentParser
import Crypto
import Evaluation
import Findings
import FoundationEssentials
import Learning

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a stage's network further on your own labels: a new pipeline comes out.",
        discussion: """
            The manifest is the one that `evaluate` takes: patient, scan, mask or class, and split, which says train for scans \
            to learn from and val for scans of other patients, on which the new pipeline is calibrated and held against the old \
            one. Paths are relative to its folder.

            A training that was killed goes on where it was when the same command is given again, and comes to the same weights, \
            at any number of threads.

            Ends with 1 where the new pipeline does worse than the old one on the split val.
            """)

    @OptionGroup var pipeline: PipelineOptions

    @Option(name: .long, help: ArgumentHelp("The stage whose network learns.", valueName: "name"))
    var stage: String

    @Option(name: .long, help: ArgumentHelp("The labels.", valueName: "csv"))
    var manifest: String

    @Option(name: .long, help: ArgumentHelp("The folder of the new pipeline.", valueName: "folder"))
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp("How often each tile is seen (10 unless --minutes is given).", valueName: "count"))
    var epochs: Int?

    @Option(name: .long, help: ArgumentHelp("How long to train, instead of --epochs.", valueName: "count"))
    var minutes: Double?

    @Option(name: .long, help: ArgumentHelp("Tiles of a step.", valueName: "count"))
    var batch = 16

    @Option(name: .long, help: ArgumentHelp("The highest rate of learning.", valueName: "number"))
    var rate: Float = 0.0003

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
        if !(1...256).contains(batch) { throw ValidationError("--batch must be from 1 to 256.") }
        if !(1e-8...1).contains(rate) { throw ValidationError("--rate must be from 0.00000001 to 1.") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
    }

    private var settings: LearningSettings {
        LearningSettings(
            length: minutes.map { .time(.seconds(60 * $0)) } ?? .epochs(epochs ?? 10), batch: batch, rate: rate,
            seed: seed,
            threads: threads ?? Host.processorCount)
    }

    func run() throws {
        do {
            let folder = try pipeline.folder()
            let base = try Pipeline(directory: folder, engine: ProgramEngine.engine)
            guard let index = base.stages.firstIndex(where: { $0.definition.name == stage }) else {
                let names = base.stages.map(\.definition.name).joined(separator: ", ")
                throw CommandFailure(.unusable, "the pipeline has no stage \(stage): there are \(names)")
            }
            let task = try LearningTask(base.stages[index])
            let bytes = try EvaluateCommand.bytes(of: manifest)
            let new = try LearnedPipeline(
                of: base, in: folder, stage: index, folder: output, program: "scanreport \(ProgramVersion.current)")
            let analyser = try ScanAnalyser(pipeline: base, tileThreads: settings.threads)
            let (manifest, settings) = (manifest, settings)
            let labels = try LabelledScans(
                GroundTruth.manifest(bytes), task: task, stage: index, analyser: analyser, threads: settings.threads
            ) { EvaluateCommand.path($0, beside: manifest) }
            try new.makeFolder()
            let learner = Learner(
                analyser, stage: index, task: task, labels: labels, settings: settings, engine: ProgramEngine.trainer)
            StandardError.write(
                "learning from \(labels.learned.count) scans, in tiles of \(learner.side) x \(learner.side) pixels\n")
            let (graph, steps) = try learner.run(new.checkpoint) { StandardError.write("\(Self.line($0))\n") }
            let temperature = try learner.temperature(of: graph, by: ProgramEngine.engine)
            try new.write(
                graph, temperature: temperature,
                LearnedPipeline.Provenance(
                    settings: settings, steps: steps, side: learner.side,
                    learned: (labels.learned.count, labels.patients.learned),
                    tried: (labels.tried.count, labels.patients.tried),
                    manifest: ContentHash(digest: SHA256.hash(data: Data(bytes)))))
            try conclude(new, labels, task, before: analyser)
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(any: error)
        }
    }

    /// Tests the new pipeline, and holds it against the old one.
    private func conclude(
        _ new: LearnedPipeline, _ labels: LabelledScans, _ task: LearningTask, before: ScanAnalyser
    ) throws {
        let learned = try Pipeline(directory: output, engine: ProgramEngine.engine)
        _ = try TestTensors(learned, directory: output).write()
        try learned.verify()
        StandardError.write("trying both pipelines on \(labels.tried.count) scans\n")
        let path = { EvaluateCommand.path($0, beside: self.manifest) }
        let comparison = TrialComparison(
            before: try Trial.report(labels.trials, by: before, path: path),
            after: try Trial.report(
                labels.trials, by: ScanAnalyser(pipeline: learned, tileThreads: settings.threads), path: path))
        let figures = "\(comparison.table)\n\(comparison.verdict(task)).\n"
        try new.write(figures: figures)
        new.checkpoint.remove()
        try StandardOutput.write(
            figures + "next: scanreport pipeline check \(output)\n", needsAttention: comparison.isWorse(task))
    }

    private static func line(_ progress: LearningProgress) -> String {
        let left =
            progress.timeLeft.map { ", \(Int($0 / .seconds(60))) min \(Int($0 / .seconds(1)) % 60) s left" } ?? ""
        let steps = progress.steps == 0 ? "" : " of \(progress.steps)"
        let pace = (progress.tilesPerSecond * 10).rounded() / 10
        let loss = (progress.loss * 10_000).rounded() / 10_000
        return "step \(progress.step)\(steps): loss \(loss), \(pace) tiles/s\(left)"
    }
}
