import FindingStore
import Findings
import FoundationEssentials
import Logging

/// One night: a plan for each pipeline, worked off by worker processes into the store.
///
/// Nothing is done until it is committed, one scan a transaction, so a night may be cut off anywhere and run again. Each
/// pipeline has a run of its own in the store; a scan is opened and hashed once for all of them.
public struct BatchRun: Sendable {
    private let parts: [BatchPart]
    private let settings: BatchSettings
    private let store: FindingStore
    private let logger: Logger

    /// - Parameters:
    ///   - parts: at least one, planned of the same discovery.
    ///   - store: open for writing.
    public init(parts: [BatchPart], settings: BatchSettings, store: FindingStore, logger: Logger) {
        precondition(!parts.isEmpty, "a night has a pipeline")
        self.parts = parts
        self.settings = settings
        self.store = store
        self.logger = logger
    }

    /// Works the plans off. Scans that fail are rows and counts, not errors.
    ///
    /// - Parameters:
    ///   - stopRequests: how the batch is asked to end early; `TerminationSignals` in a program.
    ///   - report: called for one event after the other.
    /// - Returns: what came of each pipeline. Where there are several and the workers of one do not start, the others go on,
    ///   and its summary says why it was broken off.
    /// - Throws: `diskFull` before anything is done; `store` where the store fails, `workersUnavailable` where no worker
    ///   starts: the runs are marked interrupted then, and what was recorded stands.
    public func run(
        stopRequests: AsyncStream<StopRequest>, report: @escaping @Sendable (BatchEvent) -> Void
    ) async throws(BatchError) -> [BatchSummary] {
        allowManyOpenFiles()
        let clock = ContinuousClock()
        let start = clock.now
        let scans = parts.reduce(0) { $0 + $1.plan.scans.count }
        let disk = scans == 0 ? nil : DiskSpace(forFileAt: store.path)
        try disk?.check()
        let began = try begin()
        report(.began(run: began[0].summary.run, scans: scans, size: parts.reduce(0) { $0 + $1.plan.size }))

        let shift = NightShift(parts: began, settings: settings, logger: logger, report: report)
        var failure: BatchError?
        do throws(BatchError) {
            try await shift.work(stopRequests: stopRequests)
        } catch {
            failure = error
        }
        let shortcomings = await shift.shortcomingsOfStage
        var summaries: [BatchSummary] = []
        for part in await shift.parts {
            var summary = part.summary
            summary.failure = part.failure
            if failure != nil || part.failure != nil { summary.ending = .interrupted }
            summary.seconds = (clock.now - start).seconds
            summary.warnings += [
                disk?.warning(scans: part.plan.scans.count),
                summary.confinement?.shortcoming,
                counted(
                    shortcomings[.noRoom] ?? 0, "scan was read where it lies: the stage had no room for it",
                    "scans were read where they lie: the stage had no room for them"),
                counted(
                    shortcomings[.unwritable] ?? 0, "scan was read where it lies: it could not be written to the stage",
                    "scans were read where they lie: they could not be written to the stage"),
                PlannedScan.warning(scansOfSeveralSpacings: await part.ledger.scansOfSeveralSpacings),
                PlannedScan.warning(scansOfSeveralOutlines: await part.ledger.scansOfSeveralOutlines),
                counted(
                    summary.failed(with: .changed), "file changed while it was read, and is left for the next run",
                    "files changed while they were read, and are left for the next run"),
            ].compactMap(\.self)
            if failure == nil { summary.notices += await part.ledger.labelNotices }
            summaries.append(summary)
        }
        try finish(&summaries, after: failure)
        if let failure { throw failure }
        return summaries
    }
}

extension BatchRun {
    /// Begins a run for each pipeline.
    private func begin() throws(BatchError) -> [NightPart] {
        var night: [NightPart] = []
        for part in parts {
            let labels = try settings.labelPattern.map { (text) throws(BatchError) in
                LabelAssignment(pattern: try PatientPattern(text))
            }
            let sha256 = part.pipeline.sha256
            let run: Int64
            let past: FindingStore
            var summary: BatchSummary
            do throws(StoreError) {
                past = try FindingStore.openForReading(at: store.path)
                run = try store.beginRun(settings.description, pipeline: part.pipeline)
                summary = BatchSummary(run: run, pipeline: part.pipeline, plan: part.plan)
                if settings.acceptsFailures {
                    // What was given up is known to a person from now on.
                    try store.accept(part.plan.known.givenUp, run: run)
                    summary.accepted += summary.givenUp
                    summary.givenUp = 0
                }
            } catch {
                throw BatchError(error)
            }
            logger.info("run began", metadata: ["run": "\(run)", "scans": "\(part.plan.scans.count)"])
            night.append(
                NightPart(
                    plan: part.plan,
                    workers: WorkerSettings(
                        command: part.command, pipeline: sha256, timeout: settings.timeout,
                        requiresConfinement: settings.requiresConfinement,
                        labels: settings.labelPattern == nil ? nil : settings.labels),
                    ledger: ScanLedger(
                        recorder: RunRecorder(store: store, run: run, pipeline: sha256), past: past, run: run,
                        pipeline: sha256, spacings: part.plan.known.spacings, labels: labels),
                    summary: summary))
        }
        return night
    }

    /// Records how each run ended.
    ///
    /// - Parameter failure: what broke the night: it is the news, not that its end could not be written either.
    private func finish(_ summaries: inout [BatchSummary], after failure: BatchError?) throws(BatchError) {
        let began = settings.description.startedAt
        do throws(StoreError) {
            for index in summaries.indices {
                // What the night saw, the last of its runs has seen.
                if index == summaries.count - 1, failure == nil, summaries.allSatisfy({ $0.failure == nil }) {
                    let run = summaries[index].run
                    summaries[index].notices += try SettledScans(
                        in: store, asOf: run, walked: parts[index].plan.walked
                    ).notices
                }
                let summary = summaries[index]
                summaries[index].auditHead = try store.finishRun(
                    summary.run, ending: summary.ending, at: max(Date(), began), counts: summary.counts,
                    notices: summary.notices.map(\.countSentence) + summary.warnings)
                if let shortcoming = summary.confinement?.shortcoming { logger.warning("\(shortcoming)") }
                logger.info(
                    "run ended",
                    metadata: [
                        "run": "\(summary.run)", "ending": "\(summary.ending.rawValue)",
                        "analysed": "\(summary.analysed)", "failed": "\(summary.failed)", "left": "\(summary.left)",
                    ])
            }
        } catch {
            throw failure ?? BatchError(error)
        }
    }
}

/// One pipeline of a night.
public struct BatchPart: Sendable {
    let plan: BatchPlan
    let pipeline: PipelineIdentity
    /// What starts its workers.
    let command: WorkerCommand

    public init(plan: BatchPlan, pipeline: PipelineIdentity, command: WorkerCommand) {
        self.plan = plan
        self.pipeline = pipeline
        self.command = command
    }
}

/// What a night is to keep to.
public struct BatchSettings: Sendable {
    let description: RunDescription
    /// The budget of cores.
    let cores: Int
    let timeout: ScanTimeout
    /// After so long no scan is begun any more.
    let deadline: Duration?
    /// Whether a person says that they know of what was given up.
    let acceptsFailures: Bool
    /// Whether a kernel that does not confine workers is none to run them on.
    let requiresConfinement: Bool
    /// Finds a patient in what a label's code says (see ``PatientPattern``); nil where labels are not read.
    let labelPattern: String?
    let labels: LabelReader
    /// Where scans are copied before they are read; nil to read them where they lie.
    let stage: StageFolder?

    /// - Precondition: at least one core.
    public init(
        description: RunDescription, cores: Int, timeout: ScanTimeout = .scaled, deadline: Duration? = nil,
        acceptsFailures: Bool = false, requiresConfinement: Bool = false, labelPattern: String? = nil,
        labels: LabelReader = .thisProgram(), stage: StageFolder? = nil
    ) {
        precondition(cores > 0, "a batch needs a core")
        self.description = description
        self.labelPattern = labelPattern
        self.labels = labels
        self.stage = stage
        self.cores = cores
        self.timeout = timeout
        self.deadline = deadline
        self.acceptsFailures = acceptsFailures
        self.requiresConfinement = requiresConfinement
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
