import FoundationEssentials
import Glibc
import SystemPackage

/// A worker as the batch sees it: requests go in, messages come out until a deadline, and an end is always explained.
struct WorkerProcess: ~Copyable {
    let child: ChildProcess
    private let channel: OpenFile
    private let errors: OpenFile
    private let memoryExhaustions = MemoryExhaustion.count
    private var decoder = FrameDecoder()
    /// The end of what it wrote to standard error.
    private var lastWords: [UInt8] = []
    private var errorsOpen = true

    private static let lastWordsLimit = 4096
    /// How long a worker that closed its channel may take to be gone.
    private static let endPatience: Duration = .seconds(5)

    init(_ command: WorkerCommand, tileThreads: Int) throws(Errno) {
        let channels = try SocketPair()
        let errorStreams = try SocketPair()
        let environment = ProcessInfo.processInfo.environment.merging(WorkerCommand.environment) { $1 }
        child = try ChildProcess(
            executable: command.executable, arguments: command.arguments(tileThreads: tileThreads),
            environment: environment, channel: channels.theirs, errors: errorStreams.theirs)
        channel = channels.ours
        errors = errorStreams.ours
    }

    /// - Parameter files: the scan's, open for reading.
    mutating func send(_ request: AnalysisRequest, handing files: [FileDescriptor]) throws(WorkerFailure) {
        do {
            try sendAll(Frame.encode(request), to: channel.descriptor, handing: files)
        } catch {
            throw ending()
        }
    }

    /// The next message. What comes on standard error meanwhile is taken away, so that the worker never waits there.
    ///
    /// - Parameter deadline: when the time is up.
    /// - Parameter limit: the time there was, to be named where it was too short.
    mutating func receive(
        before deadline: ContinuousClock.Instant, limit: Duration
    ) throws(WorkerFailure) -> WorkerMessage {
        while true {
            do {
                if let message = try decoder.next(WorkerMessage.self) { return message }
            } catch {
                throw .broke("\(error)")
            }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw .timedOut(limit) }
            // What is closed, or not there, would be ready for ever: a negative number is passed over.
            var watched = [channel.number, errorsOpen ? errors.number : -1, child.end?.rawValue ?? -1].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard wait(for: &watched, atMost: left) > 0 else { continue }
            if watched[1].revents != 0 { takeErrors() }
            // Its last words first. Once it has ended, nothing more comes, even where something that it started holds
            // the other end of the channel.
            let hasEnded = watched[2].revents != 0
            guard watched[0].revents != 0 || hasEnded else { continue }
            guard let bytes = take(channel), !bytes.isEmpty else {
                if hasEnded || watched[0].revents != 0 { throw ending() }
                continue
            }
            bytes.withUnsafeBytes { decoder.append($0) }
        }
    }

    private mutating func takeErrors() {
        while let bytes = take(errors) {
            if bytes.isEmpty {
                errorsOpen = false
                return
            }
            lastWords = (lastWords + bytes).suffix(WorkerProcess.lastWordsLimit)
        }
    }

    /// What has come, without waiting: empty at the stream's end, nil where there is nothing so far.
    private func take(_ stream: borrowing OpenFile) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = retryingOnInterrupt {
            buffer.withUnsafeMutableBytes { recv(stream.number, $0.baseAddress, $0.count, CInt(MSG_DONTWAIT)) }
        }
        if count < 0, Errno(rawValue: errno) == .resourceTemporarilyUnavailable { return nil }
        return Array(buffer[..<max(0, count)])
    }

    private mutating func ending() -> WorkerFailure {
        let ending = child.reap(within: WorkerProcess.endPatience)
        takeErrors()
        guard let ending else { return .hungUp }
        return .ended(
            ending, lastWords: String(decoding: lastWords, as: UTF8.self),
            memoryRanOut: MemoryExhaustion.count > memoryExhaustions)
    }
}
