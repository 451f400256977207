import FindingStore
import Findings
import FoundationEssentials
import Logging

/// The scans of one night on their way through the workers.
///
/// At each desk there is a seat for every pipeline. A desk has one scan at a time, which its seats look at one after the
/// other; what they answer goes to the pipelines' ledgers, while the desk is given its next scan. The shift is over when no
/// scan is at a desk and no answer is unrecorded.
actor NightShift {
    /// What a child task comes back with.
    private enum Event: Sendable {
        case answered(Desk, Visit)
        case recorded(Turn, Result<Turn.Entry, BatchError>)
        /// The scan that is next was opened and hashed.
        case prepared
        case stop(StopRequest)
        case deadline
        /// Nobody asks to stop any more, or the time is not up: the shift is over.
        case nothing
    }

    private(set) var parts: [NightPart]
    /// How many scans were read where they lie, though they were to be copied to the stage.
    private(set) var shortcomingsOfStage: [StageFolder.Shortcoming: Int] = [:]

    private let settings: BatchSettings
    private let logger: Logger
    private let report: @Sendable (BatchEvent) -> Void
    /// Raised once no scan is begun any more.
    private let stopFlag = StopFlag()
    /// Still to be opened, the next one last.
    private var queue: [QueuedScan]
    /// Nil where scans are read where they lie.
    private let staging: Staging?
    private let preparation: PreparationSeat
    /// Taken off the queue, to be opened and hashed while the desks are busy.
    private var next: (queued: QueuedScan, inHand: ScanInHand)?
    /// Ends when the worker that was given a scan last computes, or has none to compute.
    private var lastStart: AsyncStream<Never>?
    private var idleDesks: [Desk] = []
    private var scansAtDesks = 0
    private var unrecordedTurns = 0
    private var stopReason: RunEnding = .interrupted
    private var failure: BatchError?

    init(
        parts: [NightPart], settings: BatchSettings, logger: Logger, report: @escaping @Sendable (BatchEvent) -> Void
    ) {
        self.parts = parts
        self.settings = settings
        self.logger = logger
        self.report = report
        staging = settings.stage.map { [stopFlag] in Staging(folder: $0, timeout: settings.timeout, stop: stopFlag) }
        preparation = PreparationSeat(timeout: settings.timeout, stop: stopFlag)
        queue = QueuedScan.queue(of: parts.map(\.plan)).reversed()
    }

    func work(stopRequests: AsyncStream<StopRequest>) async throws(BatchError) {
        for index in parts.indices {
            let (ledger, plan) = (parts[index].ledger, parts[index].plan)
            try await ledger.record(plan.known)
            for unreachable in plan.unreachable {
                try await ledger.record(unreachable, at: Date())
                parts[index].summary.countFailure(unreachable.input.failure.stage, unreachable.input.failure.code)
            }
        }
        let desks = makeDesks()
        idleDesks = desks.reversed()
        await withTaskGroup(of: Event.self) { group in
            group.addTask { await NightShift.next(of: stopRequests) }
            if let deadline = settings.deadline {
                group.addTask { (try? await Task.sleep(for: deadline)) == nil ? .nothing : .deadline }
            }
            fillDesks(&group)
            while scansAtDesks + unrecordedTurns > 0, let event = await group.next() {
                handle(event, &group, stopRequests)
                fillDesks(&group)
            }
            group.cancelAll()
        }
        for desk in desks {
            for (part, seat) in desk.seats.enumerated() {
                parts[part].note(await seat.confinement)
                await seat.leave()
            }
        }
        if let failure { throw failure }
    }

    private func handle(_ event: Event, _ group: inout TaskGroup<Event>, _ stopRequests: AsyncStream<StopRequest>) {
        switch event {
        case .answered(let desk, let visit):
            scansAtDesks -= 1
            if let shortcoming = visit.shortcomingOfStage { shortcomingsOfStage[shortcoming, default: 0] += 1 }
            for (turn, entry) in visit.recorded { settle(turn, entry) }
            if visit.unavailable.isEmpty || parts.count > 1 { idleDesks.append(desk) }
            for (part, scan, error) in visit.unavailable { lose(part, of: scan, error) }
            guard let turn = visit.last else { break }
            unrecordedTurns += 1
            // First the worker, then the book: writing the store would take the processor from what hands over the next
            // scan, and the worker would wait.
            let handover = fillDesk(&group)
            let ledger = parts[turn.part].ledger
            group.addTask {
                if let handover { for await _ in handover {} }
                return .recorded(turn, await turn.recorded(in: ledger))
            }
        case .recorded(let turn, let entry):
            unrecordedTurns -= 1
            settle(turn, entry)
        case .stop(let request):
            stop(.interrupted)
            if request == .atOnce {
                group.cancelAll()
            } else {
                group.addTask { await NightShift.next(of: stopRequests) }
            }
        case .deadline:
            stop(.deadline)
        case .prepared, .nothing:
            break
        }
        if failure != nil { group.cancelAll() }
    }

    private func makeDesks() -> [Desk] {
        guard !queue.isEmpty else { return [] }
        return CoreBudget(cores: settings.cores, scans: queue.count).tileThreads.enumerated().map { number, threads in
            Desk(
                seats: parts.map {
                    WorkerSeat(
                        number: number, settings: $0.workers, tileThreads: threads, stop: stopFlag, logger: logger)
                })
        }
    }

    private func fillDesks(_ group: inout TaskGroup<Event>) {
        while fillDesk(&group) != nil {}
        guard next == nil, !stopFlag.isRaised, let (queued, inHand) = takeNext() else { return }
        next = (queued, inHand)
        // First the worker: hashing would take the processor from what hands over its scan.
        let start = lastStart.take()
        group.addTask { [preparation] in
            if let start { for await _ in start {} }
            await preparation.prepare(inHand)
            return .prepared
        }
    }

    private func takeNext() -> (queued: QueuedScan, inHand: ScanInHand)? {
        if let next = next.take() { return next }
        return queue.popLast().map { ($0, ScanInHand($0.plans[0].scan, staging: staging)) }
    }

    /// What is next is as if nobody had opened it.
    private func putBackNext() {
        if let next = next.take() { queue.append(next.queued) }
    }

    /// Gives an idle desk the next scan.
    ///
    /// - Returns: ends when the first of the desk's workers computes; nil where there is no desk, or no scan.
    private func fillDesk(_ group: inout TaskGroup<Event>) -> AsyncStream<Never>? {
        // Where the disk is slower than the workers, they wait for it, and not their answers in memory.
        guard !stopFlag.isRaised, unrecordedTurns <= settings.cores, let desk = idleDesks.last,
            let (queued, inHand) = takeNext()
        else { return nil }
        idleDesks.removeLast()
        scansAtDesks += 1
        let (handover, continuation) = AsyncStream.makeStream(of: Never.self)
        let (start, ending) = AsyncStream.makeStream(of: Never.self)
        lastStart = start
        let ledgers = parts.map(\.ledger)
        group.addTask {
            let tell = { @Sendable in [continuation, ending].forEach { $0.finish() } }
            defer { tell() }
            return .answered(desk, await desk.visit(by: queued, inHand, ledgers, underWay: tell))
        }
        return handover
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
        putBackNext()
        // A shift whose last scans are in hand is complete once they are done.
        guard !queue.isEmpty else { return }
        for part in Set(queue.flatMap { $0.plans.map(\.part) }) { parts[part].summary.ending = ending }
        report(.stopping(ending))
    }

    /// A seat has no worker for the scan, and gets none.
    private func lose(_ part: Int, of scan: PlannedScan, _ error: BatchError) {
        logger.error("a worker's place is given up", metadata: ["reason": "\(error.message)"])
        guard parts.count == 1 else {
            // The other pipelines go on.
            parts[part].failure = parts[part].failure ?? error
            putBackNext()
            queue = queue.compactMap { $0.without(part) }
            return
        }
        queue.append(QueuedScan([(part, scan)]))
        // The others may still have theirs.
        if scansAtDesks == 0, idleDesks.isEmpty { failure = failure ?? error }
    }

    private func settle(_ turn: Turn, _ entry: Result<Turn.Entry, BatchError>) {
        switch entry {
        case .success(.left):
            parts[turn.part].summary.ending = stopReason
            queue.append(QueuedScan([(turn.part, turn.scan)]))
        case .success(.skipped(let reason)):
            finish(turn, reason == .alreadyDone ? .alreadyDone : .duplicate)
        case .success(.analysed(let analysed, recorded: let outcome, again: let again)):
            queue += again.map { QueuedScan([(turn.part, $0)]) }
            parts[turn.part].summary.duplicates -= again.count
            parts[turn.part].summary.countRemarks(outcome)
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
        parts[turn.part].summary.count(finished)
        logger.debug("a scan is finished", metadata: ["scan": "\(hashPrefix ?? "-")", "verdict": "\(verdict)"])
        report(.finished(finished))
    }
}
