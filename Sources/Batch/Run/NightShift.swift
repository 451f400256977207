import FindingStore
import Findings
import FoundationEssentials
import Logging

/// The scans of one run on their way through the workers: as many in flight as there are seats, refilled as each
/// comes back.
actor NightShift {
    /// What a child task comes back with.
    private enum Turn: Sendable {
        case answered(WorkerSeat, PlannedScan, WorkerSeat.Answer, Times)
        /// The seat has no worker for the scan, and gets none.
        case seatLost(PlannedScan, BatchError)
        case stop(StopRequest)
        case deadline
        /// Nobody asks to stop any more, or the time is not up: the shift is over.
        case nothing
    }

    /// When a scan was in hand. The end is reckoned from the start, so that a clock that is set back does no harm.
    private struct Times: Sendable {
        let startedAt: Date
        let duration: Duration

        var finishedAt: Date { startedAt.addingTimeInterval(duration.seconds) }
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
        let seats = makeSeats()
        var idle = Array(seats.reversed())
        func fillSeats() {
            while !isStopping, !queue.isEmpty, let seat = idle.popLast(), let scan = queue.popLast() {
                inFlight += 1
                group.addTask { [ledger] in await NightShift.turn(of: scan, on: seat, ledger) }
            }
        }
        group.addTask { await NightShift.next(of: stopRequests) }
        if let deadline = settings.deadline {
            group.addTask { (try? await Task.sleep(for: deadline)) == nil ? .nothing : .deadline }
        }
        fillSeats()
        while inFlight > 0, let turn = await group.next() {
            switch turn {
            case .answered(let seat, let scan, let answer, let times):
                inFlight -= 1
                idle.append(seat)
                // First the worker, then the book: the store is written while the next scan is analysed.
                fillSeats()
                await settle(scan, answer, times, report: report)
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
            fillSeats()
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

    private static func turn(of scan: PlannedScan, on seat: WorkerSeat, _ ledger: ScanLedger) async -> Turn {
        let clock = ContinuousClock()
        let start = clock.now
        let startedAt = Date()
        let request = ScanRequest(scan: scan.scan, spacing: scan.spacing, byteCount: scan.size)
        do throws(BatchError) {
            let answer = try await seat.analyse(request) { await ledger.claim(scan, $0) }
            return .answered(seat, scan, answer, Times(startedAt: startedAt, duration: clock.now - start))
        } catch {
            return .seatLost(scan, error)
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
        _ scan: PlannedScan, _ answer: WorkerSeat.Answer, _ times: Times, report: (BatchEvent) -> Void
    ) async {
        guard failure == nil else { return }
        do throws(BatchError) {
            switch answer {
            case .abandoned:
                summary.ending = .interrupted
                queue.append(scan)
            case .skipped:
                let verdict: FinishedScan.Verdict =
                    switch try await ledger.reasonToSkip(scan) {
                    case .alreadyDone: .alreadyDone
                    case .duplicate: .duplicate
                    }
                finish(scan, verdict, hashPrefix: nil, attempts: 1, times, report: report)
            case .analysed(let analysed):
                let recorded = try await ledger.record(
                    analysed, of: scan, startedAt: times.startedAt, finishedAt: times.finishedAt)
                queue += recorded.again
                summary.duplicates -= recorded.again.count
                let verdict: FinishedScan.Verdict =
                    switch recorded.outcome {
                    case .done(let result): .done(result.status, findings: result.findings.count)
                    case .failed(let failure): .failed(failure.stage, failure.code)
                    }
                finish(
                    scan, verdict, hashPrefix: analysed.opened?.sha256.prefix, attempts: analysed.attempts, times,
                    report: report)
            }
        } catch {
            isStopping = true
            failure = error
        }
    }

    private func finish(
        _ scan: PlannedScan, _ verdict: FinishedScan.Verdict, hashPrefix: String?, attempts: Int, _ times: Times,
        report: (BatchEvent) -> Void
    ) {
        let finished = FinishedScan(
            hashPrefix: hashPrefix, verdict: verdict, size: scan.size, duration: times.duration, attempts: attempts)
        summary.count(finished)
        logger.debug("a scan is finished", metadata: ["scan": "\(hashPrefix ?? "-")", "verdict": "\(verdict)"])
        report(.finished(finished))
    }
}
