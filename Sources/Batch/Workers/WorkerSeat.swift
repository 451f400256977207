import Analysis
import Findings
import Logging
import Slides
import SystemPackage

/// A place for one worker at a time: starts it when there is work, keeps it while it behaves, replaces it when it
/// does not. What the worker is handed is opened and hashed here: what a worker says never decides whose a finding is.
actor WorkerSeat {
    /// What is to be done with a scan once its bytes are known.
    enum Claim: Sendable {
        case analyse, skip
    }

    enum Answer: Sendable {
        case analysed(AnalysedScan)
        /// Opened and hashed, and let go.
        case skipped
        /// The batch ends before the scan was analysed.
        case left
    }

    private let executor: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let settings: WorkerSettings
    private let tileThreads: Int
    private let stop: StopFlag
    private let logger: Logger
    private let killSwitch = KillSwitch()
    private var worker: WorkerProcess?
    /// What the kernel keeps this seat's workers from; nil until one has greeted.
    private(set) var confinement: WorkerConfinement?

    /// A worker loads its models before it is ready.
    private static let startLimit: Duration = .seconds(180)
    private static let attempts = 2

    /// - Parameter stop: raised once no scan is to be begun: one that is still being hashed is let go.
    init(number: Int, settings: WorkerSettings, tileThreads: Int, stop: StopFlag, logger: Logger) {
        executor = BlockingExecutor(label: "scanreport.worker.\(number)")
        self.settings = settings
        self.tileThreads = tileThreads
        self.stop = stop
        self.logger = logger
    }

    /// Opens and hashes the scan where no other seat did, asks `claim` what to do with it, and sees to an answer. A worker that
    /// does not answer is replaced, and the scan tried once more. Where the task is cancelled, the worker is ended.
    ///
    /// - Parameters:
    ///   - planned: what the seat's pipeline planned for it; else as it is in hand.
    ///   - claim: is told what the codes on the label say, too, where that is to be read and can be.
    ///   - underWay: called when the worker has all it needs, and computes.
    /// - Throws: `workersUnavailable` where no worker starts.
    func analyse(
        _ scan: ScanInHand, as planned: PlannedScan? = nil,
        claim: @Sendable (HashedFile, _ label: [String]?) async -> Claim, underWay: @Sendable () -> Void = {}
    ) async throws(BatchError) -> Answer {
        let answer = await withTaskCancellationHandler {
            await serve(scan, as: planned ?? scan.scan, claim: claim, underWay: underWay)
        } onCancel: {
            killSwitch.throwSwitch()
        }
        return try answer.get()
    }

    /// Lets the worker end: there is nothing more for it.
    func leave() {
        killSwitch.release()
        worker = nil
    }

    private func serve(
        _ scan: ScanInHand, as planned: PlannedScan,
        claim: @Sendable (HashedFile, _ label: [String]?) async -> Claim, underWay: @Sendable () -> Void
    ) async -> Result<Answer, BatchError> {
        do throws(BatchError) {
            // While it loads its models, nothing else keeps this core busy.
            try startWorker()
        } catch {
            return Task.isCancelled ? .success(.left) : .failure(error)
        }
        do throws(AnalysisFailure) {
            let isUnwanted = { [stop] in stop.isRaised || Task.isCancelled }
            let limit = try scan.limit(by: settings.timeout)
            let deadline = ContinuousClock.now + limit
            guard try scan.identified(before: deadline, limit: limit, unless: isUnwanted) != nil else {
                return .success(.left)
            }
            if scan.scan.needsLabel { try scan.readLabel(by: settings, unless: isUnwanted) }
            guard let file = scan.file else { return .success(.left) }
            guard await claim(file, scan.label) == .analyse else { return .success(.skipped) }
            return try scan.withOpened { (opened) in
                analyse(opened, file, of: planned, before: deadline, limit: limit, underWay: underWay)
            }
        } catch {
            return .success(.analysed(AnalysedScan(file: nil, image: nil, outcome: .failed(error), attempts: 1)))
        }
    }

    /// - Parameter deadline: of the first attempt, which the hashing was a part of.
    private func analyse(
        _ scan: borrowing OpenedScan, _ file: HashedFile, of planned: PlannedScan,
        before deadline: ContinuousClock.Instant, limit: Duration, underWay: @Sendable () -> Void
    ) -> Result<Answer, BatchError> {
        for attempt in 1... {
            do throws(BatchError) {
                try startWorker()
            } catch {
                return Task.isCancelled ? .success(.left) : .failure(error)
            }
            let image: Scan.Image?
            let outcome: AnalysisOutcome
            do throws(WorkerFailure) {
                (image, outcome) = try talk(
                    about: scan, planned, before: attempt == 1 ? deadline : .now + limit, limit: limit,
                    underWay: underWay)
            } catch {
                leave()
                guard !Task.isCancelled else { return .success(.left) }
                let failure = error.analysisFailure(memoryLimit: settings.command.memoryLimit)
                log(error, failure, about: file, attempt: attempt)
                if attempt < WorkerSeat.attempts, scan.change == nil { continue }
                (image, outcome) = (nil, .failed(failure))
            }
            return .success(
                .analysed(
                    AnalysedScan(
                        file: file, image: image, outcome: scan.change.map { .failed($0) } ?? outcome,
                        attempts: attempt)))
        }
        preconditionFailure("the attempts end in an answer")
    }

    private func talk(
        about scan: borrowing OpenedScan, _ planned: PlannedScan, before deadline: ContinuousClock.Instant,
        limit: Duration, underWay: @Sendable () -> Void
    ) throws(WorkerFailure) -> (image: Scan.Image?, outcome: AnalysisOutcome) {
        // The clock on the wall rules; this only ends a worker whose batch cannot see it any more.
        let processorSeconds = Int(clamping: limit.components.seconds).multipliedReportingOverflow(by: tileThreads * 2)
        let request = AnalysisRequest(
            spacing: planned.spacing, outlines: planned.outlines?.encoded(),
            processorSeconds: processorSeconds.overflow ? .max : processorSeconds.partialValue,
            parts: PartTable(scan))
        guard worker != nil else { throw .hungUp }
        try worker?.send(request, handing: scan.descriptors)
        underWay()
        var assembly = AnalysisAssembly(spacing: planned.spacing)
        while true {
            switch try hear(before: deadline, limit: limit) {
            case .findings(let chunk):
                try assembly.add(chunk)
            case .embeddings(let block):
                try assembly.add(block)
            case .end(let end):
                return (end.image, try assembly.finished(by: end))
            case .ready, .unusable:
                throw .broke("a message came that belongs to no analysis")
            }
        }
    }

    private func startWorker() throws(BatchError) {
        guard worker == nil else { return }
        do throws(Errno) {
            let started = try WorkerProcess(settings.command, tileThreads: tileThreads)
            killSwitch.watch(started.child)
            worker = consume started
        } catch {
            throw BatchError(.workersUnavailable, "no worker can be started: \(error)")
        }
        do throws(BatchError) {
            try expectGreeting()
        } catch {
            leave()
            throw error
        }
    }

    private func expectGreeting() throws(BatchError) {
        let message: WorkerMessage
        do throws(WorkerFailure) {
            message = try hear(before: .now + WorkerSeat.startLimit, limit: WorkerSeat.startLimit)
        } catch {
            let failure = error.analysisFailure(memoryLimit: settings.command.memoryLimit)
            logger.debug("a worker did not start", metadata: ["last_words": "\(error.lastWords)"])
            throw BatchError(.workersUnavailable, "workers do not start: \(failure.code.rawValue): \(failure.message)")
        }
        switch message {
        case .ready(let greeting):
            guard greeting.version == Greeting.currentVersion, greeting.pipeline == settings.pipeline else {
                throw BatchError(.workersUnavailable, "a worker has another program or pipeline: did one change?")
            }
            confinement = greeting.confinement
            if settings.requiresConfinement, let shortcoming = greeting.confinement.shortcoming {
                throw BatchError(.unconfined, shortcoming)
            }
        case .unusable(let why):
            throw BatchError(.workersUnavailable, "workers do not start: \(why)")
        case .findings, .embeddings, .end:
            throw BatchError(.workersUnavailable, "workers do not start: the first message was not a greeting")
        }
    }

    private func hear(before deadline: ContinuousClock.Instant, limit: Duration) throws(WorkerFailure) -> WorkerMessage
    {
        guard let message = try worker?.receive(before: deadline, limit: limit) else { throw .hungUp }
        return message
    }

    private func log(_ error: WorkerFailure, _ failure: AnalysisFailure, about file: HashedFile, attempt: Int) {
        let what: Logger.Metadata = [
            "scan": "\(file.sha256.prefix)", "code": "\(failure.code.rawValue)", "reason": "\(failure.message)",
            "attempt": "\(attempt)",
        ]
        logger.warning("a worker failed a scan", metadata: what)
        logger.debug("a worker's last words", metadata: ["last_words": "\(error.lastWords)"])
    }
}
