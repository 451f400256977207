import FindingStore
import Findings
import FoundationEssentials
import Logging

/// The scans of one run on their way through the workers.
///
/// Each seat has one scan at a time; what it answers goes to the ledger, one after the other, while the seat is given its
/// next scan. The shift is over when no scan is in a seat and no answer is unrecorded.
actor NightShift {
    /// What a child task comes back with.
    private enum Event: Sendable {
        case answered(WorkerSeat, Turn)
        case recorded(Turn, Result<Entry, BatchError>)
        /// The seat has no worker for the scan, and gets none.
        case seatLost(PlannedScan, BatchError)
        case stop(StopRequest)
        case deadline
        /// Nobody asks to stop any more, or the time is not up: the shift is over.
        case nothing
    }

    /// A seat's time with a scan.
    private struct Turn: Sendable {
        let scan: PlannedScan
        let answer: WorkerSeat.Answer
        let startedAt: Date
        let duration: Duration

        /// Reckoned from the start, so that a clock that is set back does no harm.
        var finishedAt: Date { startedAt.addingTimeInterval(duration.seconds) }
    }

    /// What the ledger made of a turn.
    private enum Entry: Sendable {
        case skipped(ScanLedger.SkipReason)
        /// With the scans that are to be opened again.
        case analysed(AnalysedScan, recorded: AnalysisOutcome, again: [PlannedScan])
        case left
    }

    private(set) var summary: BatchSummary

    private let plan: BatchPlan
    private let settings: BatchSettings
    private let ledger: ScanLedger
    private let logger: Logger
    private let report: @Sendable (BatchEvent) -> Void
    /// Raised once no scan is begun any more.
    private let stopFlag = StopFlag()
    /// Still to be opened, the next one last.
    private var queue: [PlannedScan]
    private var idleSeats: [WorkerSeat] = []
    private var scansInSeats = 0
    private var unrecordedTurns = 0
    private var stopReason: RunEnding = .interrupted
    private var failure: BatchError?

    init(
        plan: BatchPlan, settings: BatchSettings, ledger: ScanLedger, summary: BatchSummary, logger: Logger,
        report: @escaping @Sendable (BatchEvent) -> Void
    ) {
        self.plan = plan
        self.settings = settings
        self.ledger = ledger
        self.summary = summary
        self.logger = logger
        self.report = report
        queue = plan.scans.reversed()
    }

    func work(stopRequests: AsyncStream<StopRequest>) async throws(BatchError) {
        try await ledger.record(plan.known)
        for unreachable in plan.unreachable {
            try await ledger.record(unreachable, at: Date())
            summary.countFailure(unreachable.input.failure.stage, unreachable.input.failure.code)
        }
        let seats = makeSeats()
        idleSeats = seats.reversed()
        await withTaskGroup(of: Event.self) { group in
            group.addTask { await NightShift.next(of: stopRequests) }
            if let deadline = settings.deadline {
                group.addTask { (try? await Task.sleep(for: deadline)) == nil ? .nothing : .deadline }
            }
            fillSeats(&group)
            while scansInSeats + unrecordedTurns > 0, let event = await group.next() {
                handle(event, &group, stopRequests)
                fillSeats(&group)
            }
            group.cancelAll()
        }
        for seat in seats {
            await note(seat.confinement)
            await seat.leave()
        }
        if let failure { throw failure }
    }

    private func handle(_ event: Event, _ group: inout TaskGroup<Event>, _ stopRequests: AsyncStream<StopRequest>) {
        switch event {
        case .answered(let seat, let turn):
            scansInSeats -= 1
            unrecordedTurns += 1
            idleSeats.append(seat)
            // First the worker, then the book: writing the store would take the processor from what hands over the next
            // scan, and the worker would wait.
            let handover = fillSeat(&group)
            group.addTask { [ledger] in
                if let handover { for await _ in handover {} }
                return .recorded(turn, await NightShift.record(turn, in: ledger))
            }
        case .recorded(let turn, let entry):
            unrecordedTurns -= 1
            settle(turn, entry)
            if failure != nil { group.cancelAll() }
        case .seatLost(let scan, let error):
            scansInSeats -= 1
            queue.append(scan)
            logger.error("a worker's place is given up", metadata: ["reason": "\(error.message)"])
            // The others may still have theirs.
            if scansInSeats == 0, idleSeats.isEmpty { failure = failure ?? error }
        case .stop(let request):
            stop(.interrupted)
            if request == .atOnce {
                group.cancelAll()
            } else {
                group.addTask { await NightShift.next(of: stopRequests) }
            }
        case .deadline:
            stop(.deadline)
        case .nothing:
            break
        }
    }

    private func makeSeats() -> [WorkerSeat] {
        guard !queue.isEmpty else { return [] }
        return CoreBudget(cores: settings.cores, scans: queue.count).tileThreads.enumerated().map { number, threads in
            WorkerSeat(
                number: number, settings: settings.workers, tileThreads: threads, stop: stopFlag, logger: logger)
        }
    }

    private func fillSeats(_ group: inout TaskGroup<Event>) {
        while fillSeat(&group) != nil {}
    }

    /// Gives an idle seat the next scan.
    ///
    /// - Returns: ends when the seat's worker computes; nil where there is no seat, or no scan.
    private func fillSeat(_ group: inout TaskGroup<Event>) -> AsyncStream<Never>? {
        // Where the disk is slower than the workers, they wait for it, and not their answers in memory.
        guard !stopFlag.isRaised, unrecordedTurns <= settings.cores, !queue.isEmpty, let seat = idleSeats.popLast(),
            let scan = queue.popLast()
        else { return nil }
        scansInSeats += 1
        let (handover, continuation) = AsyncStream.makeStream(of: Never.self)
        group.addTask { [ledger] in
            defer { continuation.finish() }
            return await NightShift.turn(of: scan, on: seat, ledger) { continuation.finish() }
        }
        return handover
    }

    private static func turn(
        of scan: PlannedScan, on seat: WorkerSeat, _ ledger: ScanLedger, underWay: @Sendable () -> Void
    ) async -> Event {
        let clock = ContinuousClock()
        let start = clock.now
        let startedAt = Date()
        do throws(BatchError) {
            let answer = try await seat.analyse(
                scan, claim: { await ledger.claim(scan, $0, label: $1) }, underWay: underWay)
            return .answered(
                seat, Turn(scan: scan, answer: answer, startedAt: startedAt, duration: clock.now - start))
        } catch {
            return .seatLost(scan, error)
        }
    }

    private static func record(_ turn: Turn, in ledger: ScanLedger) async -> Result<Entry, BatchError> {
        do throws(BatchError) {
            switch turn.answer {
            case .left: return .success(.left)
            case .skipped: return .success(.skipped(try await ledger.reasonToSkip(turn.scan)))
            case .analysed(let analysed):
                let (outcome, again) = try await ledger.record(
                    analysed, of: turn.scan, startedAt: turn.startedAt, finishedAt: turn.finishedAt)
                return .success(.analysed(analysed, recorded: outcome, again: again))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func next(of requests: AsyncStream<StopRequest>) async -> Event {
        for await request in requests { return .stop(request) }
        return .nothing
    }

    /// The first reason to stop is the one that is kept.
    private func stop(_ ending: RunEnding) {
        guard !stopFlag.isRaised else { return }
        stopFlag.raise()
        stopReason = ending
        // A shift whose last scans are in hand is complete once they are done.
        guard !queue.isEmpty else { return }
        summary.ending = ending
        report(.stopping(ending))
    }

    private func settle(_ turn: Turn, _ entry: Result<Entry, BatchError>) {
        switch entry {
        case .success(.left):
            summary.ending = stopReason
            queue.append(turn.scan)
        case .success(.skipped(let reason)):
            finish(turn, reason == .alreadyDone ? .alreadyDone : .duplicate)
        case .success(.analysed(let analysed, recorded: let outcome, again: let again)):
            queue += again
            summary.duplicates -= again.count
            summary.countRemarks(outcome)
            finish(
                turn, FinishedScan.Verdict(outcome), hashPrefix: analysed.file?.sha256.prefix,
                attempts: analysed.attempts)
        case .failure(let error):
            stopFlag.raise()
            failure = failure ?? error
        }
    }

    private func finish(
        _ turn: Turn, _ verdict: FinishedScan.Verdict, hashPrefix: String? = nil, attempts: Int = 1
    ) {
        let finished = FinishedScan(
            hashPrefix: hashPrefix, verdict: verdict, size: turn.scan.size, duration: turn.duration,
            attempts: attempts)
        summary.count(finished)
        logger.debug("a scan is finished", metadata: ["scan": "\(hashPrefix ?? "-")", "verdict": "\(verdict)"])
        report(.finished(finished))
    }

    /// The least that the kernel granted any of the workers.
    private func note(_ confinement: WorkerConfinement?) {
        guard let confinement else { return }
        summary.confinement = summary.confinement?.intersection(confinement) ?? confinement
    }
}
