import FindingStore
import Findings
import FoundationEssentials
import Logging

/// The scans of one run on their way through the workers: as many in flight as there are seats, refilled as each
/// comes back.
actor NightShift {
    /// What a child task comes back with.
    private enum Turn: Sendable {
        case answered(WorkerSeat, AnsweredScan)
        case entered(AnsweredScan, Result<Entry, BatchError>)
        /// The seat has no worker for the scan, and gets none.
        case seatLost(PlannedScan, BatchError)
        case stop(StopRequest)
        case deadline
        /// Nobody asks to stop any more, or the time is not up: the shift is over.
        case nothing
    }

    /// A scan that a seat is through with.
    private struct AnsweredScan: Sendable {
        let scan: PlannedScan
        let answer: WorkerSeat.Answer
        let startedAt: Date
        let duration: Duration

        /// Reckoned from the start, so that a clock that is set back does no harm.
        var finishedAt: Date { startedAt.addingTimeInterval(duration.seconds) }
    }

    /// What the ledger made of it.
    private enum Entry: Sendable {
        case skipped(ScanLedger.SkipReason)
        /// With the scans that are to be opened again.
        case analysed(AnalysedScan, recorded: AnalysisOutcome, again: [PlannedScan])
        case abandoned
    }

    private(set) var summary: BatchSummary

    private let plan: BatchPlan
    private let settings: BatchSettings
    private let ledger: ScanLedger
    private let logger: Logger
    /// Still to be opened, the next one last.
    private var queue: [PlannedScan]
    private var isStopping = false
    private var failure: BatchError?

    init(plan: BatchPlan, settings: BatchSettings, ledger: ScanLedger, summary: BatchSummary, logger: Logger) {
        self.plan = plan
        self.settings = settings
        self.ledger = ledger
        self.summary = summary
        self.logger = logger
        queue = plan.scans.reversed()
    }

    func work(
        stopRequests: AsyncStream<StopRequest>, report: @Sendable (BatchEvent) -> Void
    ) async throws(BatchError) {
        try await ledger.record(plan.known)
        for unreachable in plan.unreachable {
            try await ledger.record(unreachable, at: Date())
            summary.countFailure(unreachable.input.failure.stage, unreachable.input.failure.code)
        }
        await withTaskGroup(of: Turn.self) { group in
            await work(in: &group, stopRequests: stopRequests, report: report)
        }
        if let failure { throw failure }
    }

    private func work(
        in group: inout TaskGroup<Turn>, stopRequests: AsyncStream<StopRequest>,
        report: @Sendable (BatchEvent) -> Void
    ) async {
        var inFlight = 0
        var unrecorded = 0
        let seats = makeSeats()
        var idle = Array(seats.reversed())
        /// - Returns: ends when the seat's worker computes; nil where no seat or no scan is left.
        func fillSeat() -> AsyncStream<Never>? {
            // Where the disk is slower than the workers, they wait for it, and not their answers in memory.
            guard !isStopping, unrecorded <= seats.count, !queue.isEmpty, let seat = idle.popLast(),
                let scan = queue.popLast()
            else { return nil }
            inFlight += 1
            let (handover, continuation) = AsyncStream.makeStream(of: Never.self)
            group.addTask { [ledger] in
                defer { continuation.finish() }
                return await NightShift.turn(of: scan, on: seat, ledger) { continuation.finish() }
            }
            return handover
        }
        group.addTask { await NightShift.next(of: stopRequests) }
        if let deadline = settings.deadline {
            group.addTask { (try? await Task.sleep(for: deadline)) == nil ? .nothing : .deadline }
        }
        while fillSeat() != nil {}
        while inFlight + unrecorded > 0, let turn = await group.next() {
            switch turn {
            case .answered(let seat, let answered):
                inFlight -= 1
                unrecorded += 1
                idle.append(seat)
                // First the worker, then the book: writing the store would take the processor from what hands over the
                // next scan, and the worker would wait.
                let handover = fillSeat()
                group.addTask { [ledger] in
                    if let handover { for await _ in handover {} }
                    return .entered(answered, await NightShift.enter(answered, into: ledger))
                }
            case .entered(let answered, let entry):
                unrecorded -= 1
                settle(answered, entry, report: report)
                if failure != nil { group.cancelAll() }
            case .seatLost(let scan, let error):
                inFlight -= 1
                queue.append(scan)
                logger.error("a worker's place is given up", metadata: ["reason": "\(error.message)"])
                if inFlight == 0, idle.isEmpty { failure = failure ?? error }
            case .stop(.finishInHand):
                stop(.interrupted, report: report)
                group.addTask { await NightShift.next(of: stopRequests) }
            case .stop(.atOnce):
                stop(.interrupted, report: report)
                group.cancelAll()
            case .deadline:
                stop(.deadline, report: report)
            case .nothing:
                break
            }
            while fillSeat() != nil {}
        }
        group.cancelAll()
        for seat in seats { await seat.leave() }
    }

    private func makeSeats() -> [WorkerSeat] {
        guard !queue.isEmpty else { return [] }
        return CoreBudget(cores: settings.cores, scans: queue.count).tileThreads.enumerated().map { number, threads in
            WorkerSeat(number: number, settings: settings.workers, tileThreads: threads, logger: logger)
        }
    }

    private static func turn(
        of scan: PlannedScan, on seat: WorkerSeat, _ ledger: ScanLedger, underWay: @Sendable () -> Void
    ) async -> Turn {
        let clock = ContinuousClock()
        let start = clock.now
        let startedAt = Date()
        let request = ScanRequest(scan: scan.scan, spacing: scan.spacing, byteCount: scan.size)
        do throws(BatchError) {
            let answer = try await seat.analyse(
                request, claim: { await ledger.claim(scan, $0) }, underWay: underWay)
            return .answered(
                seat, AnsweredScan(scan: scan, answer: answer, startedAt: startedAt, duration: clock.now - start))
        } catch {
            return .seatLost(scan, error)
        }
    }

    private static func enter(
        _ answered: AnsweredScan, into ledger: ScanLedger
    ) async -> Result<Entry, BatchError> {
        do throws(BatchError) {
            switch answered.answer {
            case .abandoned: return .success(.abandoned)
            case .skipped: return .success(.skipped(try await ledger.reasonToSkip(answered.scan)))
            case .analysed(let analysed):
                let (outcome, again) = try await ledger.record(
                    analysed, of: answered.scan, startedAt: answered.startedAt, finishedAt: answered.finishedAt)
                return .success(.analysed(analysed, recorded: outcome, again: again))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func next(of requests: AsyncStream<StopRequest>) async -> Turn {
        for await request in requests { return .stop(request) }
        return .nothing
    }

    /// The first reason to stop is the one that is kept.
    private func stop(_ ending: RunEnding, report: (BatchEvent) -> Void) {
        guard !isStopping else { return }
        isStopping = true
        // A shift whose last scans are in hand is complete once they are done.
        guard !queue.isEmpty else { return }
        summary.ending = ending
        report(.stopping(ending))
    }

    private func settle(
        _ answered: AnsweredScan, _ entry: Result<Entry, BatchError>, report: (BatchEvent) -> Void
    ) {
        switch entry {
        case .success(.abandoned):
            summary.ending = .interrupted
            queue.append(answered.scan)
        case .success(.skipped(let reason)):
            finish(answered, reason == .alreadyDone ? .alreadyDone : .duplicate, report: report)
        case .success(.analysed(let analysed, recorded: let outcome, again: let again)):
            queue += again
            summary.duplicates -= again.count
            summary.countRemarks(outcome)
            finish(
                answered, FinishedScan.Verdict(outcome), hashPrefix: analysed.opened?.sha256.prefix,
                attempts: analysed.attempts, report: report)
        case .failure(let error):
            isStopping = true
            failure = failure ?? error
        }
    }

    private func finish(
        _ answered: AnsweredScan, _ verdict: FinishedScan.Verdict, hashPrefix: String? = nil, attempts: Int = 1,
        report: (BatchEvent) -> Void
    ) {
        let finished = FinishedScan(
            hashPrefix: hashPrefix, verdict: verdict, size: answered.scan.size, duration: answered.duration,
            attempts: attempts)
        summary.count(finished)
        logger.debug("a scan is finished", metadata: ["scan": "\(hashPrefix ?? "-")", "verdict": "\(verdict)"])
        report(.finished(finished))
    }
}
