import Analysis
import ArgumentParser
import Batch
import Exports
import FindingStore
import Findings
import FoundationEssentials
import Glibc
import Logging

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Analyse the scans of some folders into the database.",
        discussion: """
            Every TIFF file under the folders is analysed by the pipeline, each in a worker process, and its findings \
            are committed scan by scan: what is done stays done, whatever ends the run. Scans that this pipeline has \
            analysed before are skipped, and those that did not change are not even read. Files of other formats, links \
            that are not followed, and what the manifest and the folders do not have in common are counted and named, \
            and make the run end with 1.

            A scan's patient is told by the manifest, then by its label, then by the pattern, then by the name of the \
            folder that holds it.
            """)

    @Argument(help: ArgumentHelp("Folders with scans, or single scans.", valueName: "scans"))
    var scans: [String] = []

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var patients: PatientOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Follow links that lead into this folder, too. Repeatable.", valueName: "folder"))
    var follow: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Pass over what this shell pattern matches, such as '*.dcm': over a path in the folder or, without a slash, "
                + "over a name. Repeatable.", valueName: "pattern"))
    var ignore: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Look at the scans within outlines only: a folder of GeoJSON files that are called as the scans are, in "
                + "pixels, as QuPath writes them. Classes Ignore* and exclude are left out.", valueName: "folder"))
    var roi: String?

    @Option(name: .long, help: ArgumentHelp("How many cores to use. Default: all.", valueName: "n"))
    var workers: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Begin no scan after so long, such as 7h30m or 90s; the next run takes up the rest.",
            valueName: "duration"))
    var deadline: DurationArgument?

    @Option(
        name: .long,
        help: ArgumentHelp("Memory that a worker may take, in MiB.", valueName: "mib"))
    var workerMemory = Int(Batch.WorkerCommand.defaultMemoryLimit >> 20)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Give a scan up after so long. Default: 5 minutes, and 15 seconds more for each MiB.",
            valueName: "duration"))
    var scanTimeout: DurationArgument?

    @Flag(name: .long, help: "Try again what has failed night after night.")
    var retryFailed = false

    @Flag(
        name: .long,
        help: "Take note of what has failed night after night: it is not tried any more, and ends no run with 1.")
    var acceptFailed = false

    @Flag(name: .long, help: "End with 73 where the kernel does not confine workers in all that they could do.")
    var requireConfinement = false

    @Flag(name: .long, help: "Say what would be analysed, and write nothing.")
    var dryRun = false

    @Option(
        name: .customLong("summary"),
        help: ArgumentHelp("Write the summary as JSON there too.", valueName: "file"))
    var summaryFile: String?

    @OptionGroup var logging: LoggingOptions

    @Option(name: .long, help: ArgumentHelp("Scans where none are given.", visibility: .private))
    var defaultScans: String?

    func validate() throws {
        if scans.isEmpty && defaultScans == nil {
            throw ValidationError("Give at least one folder with scans.")
        }
        if retryFailed && acceptFailed {
            throw ValidationError("--retry-failed and --accept-failed contradict each other.")
        }
        if let workers, !(1...1_024).contains(workers) {
            throw ValidationError("--workers must be from 1 to 1024.")
        }
        if !(256...1_048_576).contains(workerMemory) {
            throw ValidationError("--worker-memory must be from 256 to 1048576 MiB.")
        }
    }

    func run() async throws {
        do {
            try await runNight()
        } catch let failure as CommandFailure where logging.logFormat == .json {
            logging.logger.critical("\(failure.message)", metadata: ["exit_status": "\(failure.status.rawValue)"])
            throw ExitCode(failure.status.rawValue)
        }
    }

    private func runNight() async throws {
        let folder = try pipeline.folder()
        try ProtectedPlaces(database: database.path, inputs: inputs + follow).check(summaryFile, "--summary")
        let night = try plan(folder)
        if dryRun {
            try StandardOutput.write(night.plan.text(cores: cores) + "\n")
            return
        }
        guard let store = night.store else { return }
        if !night.plan.scans.isEmpty { try verify(night.pipeline) }
        let settings = BatchSettings(
            description: RunDescription(
                arguments: Array(CommandLine.arguments.dropFirst()), host: Host.name,
                programVersion: ProgramVersion.current, startedAt: Date()),
            pipeline: night.pipeline.identity,
            command: .thisProgram(pipelineDirectory: folder, memoryLimit: Int64(workerMemory) << 20),
            cores: cores, timeout: scanTimeout.map { ScanTimeout(fixed: $0.duration) } ?? .scaled,
            deadline: deadline?.duration, acceptsFailures: acceptFailed, requiresConfinement: requireConfinement,
            labelPattern: patients.patientFromLabel)
        let progress = ProgressDisplay()
        let events = EventLog(logger: logging.logger)
        let format = logging.logFormat
        @Sendable func report(_ event: BatchEvent) {
            switch format {
            case .text: progress.show(event)
            case .json: events.show(event)
            }
        }
        let signals = TerminationSignals()
        let summary: BatchSummary
        do {
            summary = try await BatchRun(plan: night.plan, settings: settings, store: store, logger: logging.logger)
                .run(stopRequests: signals.requests, report: report)
        } catch {
            progress.end()
            throw CommandFailure(error)
        }
        progress.end()
        // The file first: standard output may lead nowhere.
        let failure = writeSummary(summary)
        StandardOutput.tell(summary.text + "\n" + nextCommands)
        if let failure { throw failure }
        if summary.exitStatus != 0 { throw ExitCode(summary.exitStatus) }
    }

    private func writeSummary(_ summary: BatchSummary) -> CommandFailure? {
        guard let summaryFile else { return nil }
        do throws(ExportError) {
            var file = try OutputFile(summaryFile)
            try file.write(summary.json.indented + "\n")
            try file.finish()
            return nil
        } catch {
            return CommandFailure(error)
        }
    }

    private var inputs: [String] { scans.isEmpty ? [defaultScans].compactMap { $0 } : scans }

    private var cores: Int { workers ?? Host.processorCount }

    /// What to type next.
    private var nextCommands: String {
        let program = CommandLine.arguments.first ?? "scanreport"
        let option = database.database.map { " --database \($0)" } ?? ""
        return "next: \(program) patients\(option)\n      \(program) query --patient ID\(option)\n"
    }

    private struct Night {
        let pipeline: Pipeline
        let plan: BatchPlan
        /// Nil for a dry run.
        let store: FindingStore?
    }

    private func plan(_ folder: String) throws(CommandFailure) -> Night {
        do {
            let discovery = try ScanDiscovery(inputs, follow: follow, ignoring: ignore)
            let assignment = try patients.assignment()
            let labels = try patients.labelPattern()
            let outlines = try roi.map { try OutlineFolder(path: $0) }
            let pipeline = try Pipeline(directory: folder, engine: ProgramEngine.engine)
            let store = dryRun ? try existingStore() : try openStore()
            let planner = BatchPlanner(
                assignment: assignment, store: store, pipeline: pipeline.identity.sha256,
                retries: retryFailed ? .always : .standard, namesKnown: dryRun, labels: labels, outlines: outlines)
            return Night(pipeline: pipeline, plan: try planner.plan(discovery), store: store)
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private func openStore() throws(StoreError) -> FindingStore {
        let logger = logging.logger
        let store = try FindingStore.openForWriting(at: database.path) { logger.warning("\($0)") }
        if let system = store.networkFileSystem {
            logger.warning(
                """
                the database lies on a network file system (\(system)), on which SQLite's locks may not hold: keep it on a \
                local disk, and share what `export --format sqlite` writes
                """)
        }
        return store
    }

    /// For a dry run, which must not create a database.
    private func existingStore() throws(StoreError) -> FindingStore? {
        do {
            return try FindingStore.openForReading(at: database.path)
        } catch  where error.kind == .missing {
            return nil
        }
    }

    private func verify(_ pipeline: Pipeline) throws(CommandFailure) {
        do {
            try pipeline.verify()
        } catch {
            throw CommandFailure(error)
        }
    }
}
