import Analysis
import ArgumentParser
import Batch
import Exports
import FindingStore
import Findings
import FoundationEssentials
import Glibc
import Listings
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

    @Option(
        name: .customLong("pipeline"),
        help: ArgumentHelp(
            "A pipeline: a folder with a pipeline.yaml, or its name. Repeatable: each scan is then opened once for all.",
            discussion: PipelineOptions.lookUp + " Default: \(PipelineOptions.usual).", valueName: "name|folder"))
    var pipelines: [String] = []

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

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Analyse this part of the scans only, such as 2/8, into a database of its own: `merge` brings them together.",
            discussion: "Which part a scan is in, its path in the folder decides, the same on every machine.",
            valueName: "i/n"),
        transform: { text in
            guard let shard = Shard(text) else {
                throw ValidationError("A part is written as 2/8; there are \(Shard.limit) at most.")
            }
            return shard
        })
    var shard: Shard?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Copy each scan into this folder before it is hashed and analysed, one scan ahead; for scans on a network file "
                + "system.",
            discussion:
                "On a local disk, with room for a scan for each worker and one more: what finds no room is read "
                + "where it lies, with a remark. Copies have no name, and are gone with the program, whatever ends it.",
            valueName: "folder"))
    var stage: String?

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
        name: .long,
        help: ArgumentHelp(
            "With --dry-run: what each of so many parts would take, and how many machines --deadline needs.",
            valueName: "n"))
    var shards: Int?

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
        if let shards {
            if !dryRun { throw ValidationError("--shards is for --dry-run; --shard I/N analyses a part.") }
            if shard != nil { throw ValidationError("--shards plans the whole night: leave --shard out.") }
            if !(1...Shard.limit).contains(shards) {
                throw ValidationError("--shards must be from 1 to \(Shard.limit).")
            }
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
        try ProtectedPlaces(database: database.path, inputs: inputs + follow).check(summaryFile, "--summary")
        let stage = try dryRun ? nil : stageFolder()
        var refusals: [CommandFailure] = []
        let night = try plan(usable(&refusals))
        if dryRun {
            for part in night.parts {
                if night.parts.count > 1 { try StandardOutput.write("\(part.pipeline.definition.name):\n") }
                let text =
                    shards.map { ShardPlan(part.plan, shards: $0).text(cores: cores, deadline: deadline?.duration) }
                    ?? part.plan.text(cores: cores)
                try StandardOutput.write(text + "\n")
            }
            if let refusal = refusals.first { throw ExitCode(refusal.status.rawValue) }
            return
        }
        guard let store = night.store else { return }
        let parts = try night.parts.filter { (part) in
            if part.plan.scans.isEmpty { return true }
            return try isVerified(part.pipeline, &refusals)
        }
        guard !parts.isEmpty else { throw ExitCode(refusals[0].status.rawValue) }
        let settings = BatchSettings(
            description: RunDescription(
                arguments: Array(CommandLine.arguments.dropFirst()), host: Host.name,
                programVersion: ProgramVersion.current, startedAt: Date()),
            cores: cores, timeout: scanTimeout.map { ScanTimeout(fixed: $0.duration) } ?? .scaled,
            deadline: deadline?.duration, acceptsFailures: acceptFailed, requiresConfinement: requireConfinement,
            labelPattern: patients.patientFromLabel, stage: stage)
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
        let summaries: [BatchSummary]
        do {
            let parts = parts.map { part in
                BatchPart(
                    plan: part.plan, pipeline: part.pipeline.identity,
                    command: .thisProgram(pipelineDirectory: part.folder, memoryLimit: Int64(workerMemory) << 20))
            }
            summaries = try await BatchRun(parts: parts, settings: settings, store: store, logger: logging.logger)
                .run(stopRequests: signals.requests, report: report)
        } catch {
            progress.end()
            throw CommandFailure(error)
        }
        progress.end()
        // The file first: standard output may lead nowhere.
        let failure = writeSummary(summaries)
        StandardOutput.tell(summaries.map { $0.text + "\n" }.joined() + nextCommands)
        if let failure { throw failure }
        if let failure = summaries.compactMap(\.failure).first { throw CommandFailure(failure) }
        if let refusal = refusals.first { throw ExitCode(refusal.status.rawValue) }
        let status = summaries.map(\.exitStatus).max() ?? 0
        if status != 0 { throw ExitCode(status) }
    }

    var inputs: [String] { scans.isEmpty ? [defaultScans].compactMap { $0 } : scans }

    private func stageFolder() throws(CommandFailure) -> StageFolder? {
        do throws(BatchError) {
            return try stage.map { (path) throws(BatchError) in try StageFolder(path) }
        } catch {
            throw CommandFailure(error)
        }
    }

    private var cores: Int { workers ?? Host.processorCount }
}
