import FindingStore
import Findings
import FoundationEssentials
import Logging

/// One night: a plan, worked off by worker processes into the store.
///
/// Nothing is done until it is committed, one scan a transaction, so a night may be cut off anywhere and run again.
public struct BatchRun: Sendable {
    private let plan: BatchPlan
    private let settings: BatchSettings
    private let store: FindingStore
    private let logger: Logger

    /// - Parameter store: open for writing.
    public init(plan: BatchPlan, settings: BatchSettings, store: FindingStore, logger: Logger) {
        self.plan = plan
        self.settings = settings
        self.store = store
        self.logger = logger
    }

    /// Works the plan off. Scans that fail are rows and counts, not errors.
    ///
    /// - Parameters:
    ///   - stopRequests: how the batch is asked to end early; `TerminationSignals` in a program.
    ///   - report: called for one event after the other.
    /// - Throws: `diskFull` before anything is done; `store` where the store fails, `workersUnavailable` where no worker
    ///   starts: the run is marked interrupted then, and what was recorded stands.
    public func run(
        stopRequests: AsyncStream<StopRequest>, report: @escaping @Sendable (BatchEvent) -> Void
    ) async throws(BatchError) -> BatchSummary {
        let clock = ContinuousClock()
        let start = clock.now
        let disk = plan.scans.isEmpty ? nil : DiskSpace(forFileAt: store.path)
        try disk?.check()
        let began = settings.description.startedAt
        let run: Int64
        let past: FindingStore
        do throws(StoreError) {
            past = try FindingStore.openForReading(at: store.path)
            run = try store.beginRun(settings.description, pipeline: settings.pipeline)
        } catch {
            throw BatchError(error)
        }
        logger.info("run began", metadata: ["run": "\(run)", "scans": "\(plan.scans.count)"])
        report(.began(run: run, scans: plan.scans.count, size: plan.size))

        var summary = BatchSummary(run: run, pipeline: settings.pipeline, plan: plan)
        if settings.acceptsFailures { try acceptFailures(&summary) }
        let recorder = RunRecorder(store: store, run: run, pipeline: settings.pipeline.sha256)
        let ledger = ScanLedger(
            recorder: recorder, past: past, run: run, pipeline: settings.pipeline.sha256,
            spacings: plan.known.spacings,
            labels: try settings.labelPattern.map { (text) throws(BatchError) in
                LabelAssignment(pattern: try PatientPattern(text))
            })
        let shift = NightShift(
            plan: plan, settings: settings, ledger: ledger,
            summary: summary, logger: logger, report: report)
        var failure: BatchError?
        do throws(BatchError) {
            try await shift.work(stopRequests: stopRequests)
        } catch {
            failure = error
        }
        summary = await shift.summary
        if failure != nil { summary.ending = .interrupted }
        summary.seconds = (clock.now - start).seconds
        summary.warnings += [
            disk?.warning(scans: plan.scans.count),
            summary.confinement?.shortcoming,
            PlannedScan.warning(scansOfSeveralSpacings: await ledger.scansOfSeveralSpacings),
            PlannedScan.warning(scansOfSeveralOutlines: await ledger.scansOfSeveralOutlines),
            counted(
                summary.failed(with: .changed), "file changed while it was read, and is left for the next run",
                "files changed while they were read, and are left for the next run"),
        ].compactMap(\.self)
        do throws(StoreError) {
            if failure == nil {
                let moved = MovedScans(try store.formerSightings(asOf: run), walked: plan.walked)
                try store.recordDepartures(moved.departed.map(\.id), run: run)
                summary.notices += moved.notices + (await ledger.labelNotices)
                summary.warnings += [
                    counted(
                        try store.scansOfSeveralPatients(run: run),
                        "scan was found under more than one patient, and is recorded under each",
                        "scans were found under more than one patient, and are recorded under each")
                ].compactMap(\.self)
            }
            summary.auditHead = try store.finishRun(
                run, ending: summary.ending, at: max(Date(), began), counts: summary.counts,
                notices: summary.notices.map(\.countSentence) + summary.warnings)
        } catch {
            // What broke the night is the news, not that its end could not be written either.
            throw failure ?? BatchError(error)
        }
        if let shortcoming = summary.confinement?.shortcoming { logger.warning("\(shortcoming)") }
        logger.info(
            "run ended",
            metadata: [
                "run": "\(run)", "ending": "\(summary.ending.rawValue)", "analysed": "\(summary.analysed)",
                "failed": "\(summary.failed)", "left": "\(summary.left)",
            ])
        if let failure { throw failure }
        return summary
    }
}

extension BatchRun {
    /// What was given up is known to a person from now on.
    private func acceptFailures(_ summary: inout BatchSummary) throws(BatchError) {
        do throws(StoreError) {
            try store.accept(plan.known.givenUp, run: summary.run)
        } catch {
            throw BatchError(error)
        }
        summary.accepted += summary.givenUp
        summary.givenUp = 0
    }
}

/// What a run is to keep to.
public struct BatchSettings: Sendable {
    let description: RunDescription
    let pipeline: PipelineIdentity
    let workers: WorkerSettings
    /// The budget of cores.
    let cores: Int
    /// After so long no scan is begun any more.
    let deadline: Duration?
    /// Whether a person says that they know of what was given up.
    let acceptsFailures: Bool
    /// Finds a patient in what a label's code says (see ``PatientPattern``); nil where labels are not read.
    let labelPattern: String?

    /// - Precondition: at least one core.
    public init(
        description: RunDescription, pipeline: PipelineIdentity, command: WorkerCommand, cores: Int,
        timeout: ScanTimeout = .scaled, deadline: Duration? = nil, acceptsFailures: Bool = false,
        requiresConfinement: Bool = false, labelPattern: String? = nil, labels: LabelReader = .thisProgram()
    ) {
        precondition(cores > 0, "a batch needs a core")
        self.description = description
        self.pipeline = pipeline
        self.workers = WorkerSettings(
            command: command, pipeline: pipeline.sha256, timeout: timeout, requiresConfinement: requiresConfinement,
            labels: labelPattern == nil ? nil : labels)
        self.labelPattern = labelPattern
        self.acceptsFailures = acceptsFailures
        self.cores = cores
        self.deadline = deadline
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
