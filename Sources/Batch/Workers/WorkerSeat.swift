import Findings
import Logging

/// A place for one worker at a time: starts it when there is work, keeps it while it behaves, replaces it when it
/// does not.
actor WorkerSeat {
    /// What is to be done with a scan once its bytes are known.
    enum Claim: Sendable {
        case analyse, skip
    }

    enum Answer: Sendable {
        case analysed(AnalysedScan)
        /// Opened and hashed, and let go.
        case skipped
        /// The batch is to end at once.
        case abandoned
    }

    private let executor: BlockingExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let settings: WorkerSettings
    private let tileThreads: Int
    private let logger: Logger
    private let killSwitch = KillSwitch()
    private var worker: WorkerProcess?

    /// A worker loads its models before it is ready.
    private static let startLimit: Duration = .seconds(180)
    private static let attempts = 2

    init(number: Int, settings: WorkerSettings, tileThreads: Int, logger: Logger) {
        executor = BlockingExecutor(label: "scanreport.worker.\(number)")
        self.settings = settings
        self.tileThreads = tileThreads
        self.logger = logger
    }

    /// Has the scan opened and hashed, asks `claim` what to do with it, and sees to an answer. A worker that does
    /// not answer is replaced, and the scan tried once more. Where the task is cancelled, the worker is ended.
    ///
    /// - Parameter underWay: called when the worker has all it needs, and computes.
    /// - Throws: `workersUnavailable` where no worker starts.
    func analyse(
        _ scan: ScanRequest, claim: @Sendable (OpenedFile) async -> Claim, underWay: @Sendable () -> Void = {}
    ) async throws(BatchError) -> Answer {
        let answer = await withTaskCancellationHandler {
            await attempt(scan, claim: claim, underWay: underWay)
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

    private func attempt(
        _ scan: ScanRequest, claim: @Sendable (OpenedFile) async -> Claim, underWay: @Sendable () -> Void
    ) async -> Result<Answer, BatchError> {
        for attempt in 1... {
            do throws(BatchError) {
                try startWorker()
            } catch {
                return Task.isCancelled ? .success(.abandoned) : .failure(error)
            }
            var opened: OpenedFile?
            do throws(WorkerFailure) {
                return .success(
                    try await talk(about: scan, opened: &opened, attempt: attempt, claim: claim, underWay: underWay))
            } catch {
                leave()
                guard !Task.isCancelled else { return .success(.abandoned) }
                let failure = error.analysisFailure(memoryLimit: settings.command.memoryLimit)
                log(error, failure, about: opened, attempt: attempt)
                guard attempt < WorkerSeat.attempts else {
                    return .success(
                        .analysed(
                            AnalysedScan(opened: opened, image: nil, outcome: .failed(failure), attempts: attempt)))
                }
            }
        }
        preconditionFailure("the attempts end in an answer")
    }

    private func talk(
        about scan: ScanRequest, opened: inout OpenedFile?, attempt: Int,
        claim: @Sendable (OpenedFile) async -> Claim, underWay: @Sendable () -> Void
    ) async throws(WorkerFailure) -> Answer {
        let limit = settings.timeout.duration(byteCount: scan.byteCount)
        let deadline = ContinuousClock.now + limit
        // The clock on the wall rules; this only ends a worker whose batch cannot see it any more.
        let processorSeconds = Int(clamping: limit.components.seconds) * tileThreads * 2
        if let failure = try hand(scan, processorSeconds: processorSeconds) {
            return .analysed(AnalysedScan(opened: nil, image: nil, outcome: .failed(failure), attempts: attempt))
        }
        switch try hear(before: deadline, limit: limit) {
        case .refused(let failure):
            return .analysed(AnalysedScan(opened: nil, image: nil, outcome: .failed(failure), attempts: attempt))
        case .opened(let file):
            opened = file
            guard await claim(file) == .analyse else {
                try tell(.skip)
                return .skipped
            }
        default:
            throw .broke("a message came before the scan was opened")
        }
        try tell(.analyse)
        underWay()
        var assembly = AnalysisAssembly()
        while true {
            switch try hear(before: deadline, limit: limit) {
            case .findings(let chunk):
                try assembly.add(chunk)
            case .end(let end):
                return .analysed(
                    AnalysedScan(
                        opened: opened, image: end.image, outcome: try assembly.finished(by: end), attempts: attempt))
            default:
                throw .broke("a message came that belongs to no analysis")
            }
        }
    }

    /// Opens the scan and hands it to the worker, which may open nothing itself.
    ///
    /// - Returns: why it cannot be opened.
    private func hand(_ scan: ScanRequest, processorSeconds: Int) throws(WorkerFailure) -> AnalysisFailure? {
        let file: Descriptor
        do throws(AnalysisFailure) {
            file = try scan.scan.open()
        } catch {
            return error
        }
        let request = OpenRequest(spacing: scan.spacing, processorSeconds: processorSeconds)
        try tell(.open(request), handing: file.number)
        return nil
    }

    private func startWorker() throws(BatchError) {
        guard worker == nil else { return }
        do throws(SpawnError) {
            let started = try WorkerProcess(settings.command, tileThreads: tileThreads)
            killSwitch.watch(started.child)
            worker = consume started
        } catch {
            throw BatchError(.workersUnavailable, "no worker can be started: \(systemMessage(error.code))")
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
        case .unusable(let why):
            throw BatchError(.workersUnavailable, "workers do not start: \(why)")
        default:
            throw BatchError(.workersUnavailable, "workers do not start: the first message was not a greeting")
        }
    }

    private func tell(_ message: BatchMessage, handing descriptor: Int32? = nil) throws(WorkerFailure) {
        guard worker != nil else { throw .hungUp }
        try worker?.send(message, handing: descriptor)
    }

    private func hear(
        before deadline: ContinuousClock.Instant, limit: Duration
    ) throws(WorkerFailure) -> WorkerMessage {
        guard let message = try worker?.receive(before: deadline, limit: limit) else { throw .hungUp }
        return message
    }

    private func log(_ error: WorkerFailure, _ failure: AnalysisFailure, about opened: OpenedFile?, attempt: Int) {
        logger.warning(
            "a worker failed a scan",
            metadata: [
                "scan": "\(opened?.sha256.prefix ?? "unopened")", "code": "\(failure.code.rawValue)",
                "reason": "\(failure.message)", "attempt": "\(attempt)",
            ])
        logger.debug("a worker's last words", metadata: ["last_words": "\(error.lastWords)"])
    }
}
