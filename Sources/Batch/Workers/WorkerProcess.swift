import FoundationEssentials
import Glibc

/// A worker as the batch sees it: messages go in, messages come out until a deadline, and an end is always explained.
struct WorkerProcess: ~Copyable {
    let child: ChildProcess
    private let channel: Descriptor
    private let errors: Descriptor
    private var decoder = FrameDecoder()
    /// The end of what it wrote to standard error.
    private var lastWords: [UInt8] = []
    private var errorsOpen = true

    private static let lastWordsLimit = 4096
    /// How long a worker that closed its channel may take to be gone.
    private static let endPatience: Duration = .seconds(5)

    /// - Throws: the error number.
    init(_ command: WorkerCommand, tileThreads: Int) throws(SpawnError) {
        let channels = try SocketPair()
        let errorStreams = try SocketPair()
        let environment = ProcessInfo.processInfo.environment.merging(WorkerCommand.environment) { $1 }
        child = try ChildProcess(
            executable: command.executable, arguments: command.arguments(tileThreads: tileThreads),
            environment: environment, channel: channels.theirs, errors: errorStreams.theirs)
        channel = channels.ours
        errors = errorStreams.ours
    }

    /// - Parameter descriptor: of an open file that the message is about.
    mutating func send(_ message: BatchMessage, handing descriptor: Int32? = nil) throws(WorkerFailure) {
        do throws(FrameError) {
            try sendAll(Frame.encode(message), to: channel.number, handing: descriptor)
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
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            do throws(FrameError) {
                if let message = try decoder.next(WorkerMessage.self) { return message }
            } catch {
                throw .broke(error.description)
            }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw .timedOut(limit) }
            var watched = [
                pollfd(fd: channel.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.number, events: Int16(POLLIN), revents: 0),
            ]
            // Standard error at its end would be ready for ever.
            let ready = poll(&watched, errorsOpen ? 2 : 1, milliseconds(left))
            guard ready > 0 else { continue }
            if watched[1].revents != 0 { takeErrors() }
            guard watched[0].revents != 0 else { continue }
            let count = buffer.withUnsafeMutableBytes { read(channel.number, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw ending() }
            buffer.withUnsafeBytes { decoder.append(.init(rebasing: $0[..<count])) }
        }
    }

    private mutating func takeErrors() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                recv(errors.number, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
            }
            if count < 0 && errno == EINTR { continue }
            if count == 0 { errorsOpen = false }
            guard count > 0 else { return }
            lastWords = (lastWords + buffer[..<count]).suffix(WorkerProcess.lastWordsLimit)
        }
    }

    private mutating func ending() -> WorkerFailure {
        let ending = child.reap(within: WorkerProcess.endPatience)
        takeErrors()
        guard let ending else { return .hungUp }
        return .ended(ending, lastWords: String(decoding: lastWords, as: UTF8.self))
    }
}

/// Two connected sockets, neither of which a process inherits unless it is handed to it.
private struct SocketPair: ~Copyable {
    let ours: Descriptor
    let theirs: Descriptor

    init() throws(SpawnError) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SpawnError(code: errno)
        }
        ours = Descriptor(owning: ends[0])
        theirs = Descriptor(owning: ends[1])
    }
}

/// For `poll`: at most a minute, after which the deadline is looked at again; rounded up, so that it does not spin.
private func milliseconds(_ duration: Duration) -> Int32 {
    let capped = min(duration, .seconds(60)).components
    return Int32(capped.seconds) * 1000 + Int32(capped.attoseconds / 1_000_000_000_000_000) + 1
}
