import CLinux
import Glibc

/// The worker's end of the channel: waits as long as it takes.
struct WorkerChannel: ~Copyable {
    private let descriptor: Descriptor
    private var decoder = FrameDecoder()
    /// What came with the messages and was not taken so far.
    private var handed: Descriptor?

    init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Takes the channel from standard input, and leaves the standard streams to whoever writes to them unasked: a
    /// library that prints must not break into a frame, so what is printed goes to standard error.
    ///
    /// - Returns: nil where standard input is no channel.
    static func takeStandardInput() -> WorkerChannel? {
        // Above the standard streams, so that it is none of them whatever was closed before.
        let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard number >= 0 else { return nil }
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        if nothing >= 0 {
            dup2(nothing, STDIN_FILENO)
            close(nothing)
        }
        dup2(STDERR_FILENO, STDOUT_FILENO)
        return WorkerChannel(Descriptor(owning: number))
    }

    /// Ends the process as soon as the batch closes its end, in the middle of a scan too: a batch that was killed
    /// must not leave workers behind. (A signal at the parent's death would not do: Linux sends it when the parent's
    /// *thread* ends, and the batch's threads come and go.)
    func endProcessWithBatch() {
        let number = descriptor.number
        let thread = UnsafeMutablePointer<pthread_t>.allocate(capacity: 1)
        let channel = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        channel.initialize(to: number)
        defer { thread.deallocate() }
        pthread_create(
            thread, nil,
            { channel in
                guard let number = channel?.load(as: Int32.self) else { return nil }
                // No event is asked for: hang-up is always reported.
                var watched = pollfd(fd: number, events: 0, revents: 0)
                while poll(&watched, 1, -1) < 0 && errno == EINTR {}
                _exit(0)
            }, channel)
    }

    /// The next message; nil when the batch has closed its end.
    mutating func receive() throws(FrameError) -> BatchMessage? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let message = try decoder.next(BatchMessage.self) { return message }
            var came: Int32 = -1
            let count = buffer.withUnsafeMutableBytes {
                clinux_receive(descriptor.number, $0.baseAddress, $0.count, &came)
            }
            if count < 0 && errno == EINTR { continue }
            if came >= 0 { handed = Descriptor(owning: came) }
            guard count > 0 else {
                if decoder.isWithinFrame { throw .cutShort }
                return nil
            }
            buffer.withUnsafeBytes { decoder.append(.init(rebasing: $0[..<count])) }
        }
    }

    /// The descriptor that came with the last message; nil where none did.
    mutating func takeDescriptor() -> Descriptor? {
        handed.take()
    }

    /// Writes a whole message. A batch that is gone ends the process, by SIGPIPE or by the watch.
    func send(_ message: WorkerMessage) throws(FrameError) {
        let frame = try Frame.encode(message)
        try sendAll(frame, to: descriptor.number)
    }
}

/// Writes all bytes to a socket, and hands a descriptor over with the first of them; never raises SIGPIPE.
func sendAll(_ frame: [UInt8], to socket: Int32, handing descriptor: Int32? = nil) throws(FrameError) {
    var rest = frame[...]
    var handed = descriptor ?? -1
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { clinux_send(socket, $0.baseAddress, $0.count, handed) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw .cutShort }
        handed = -1
        rest = rest.dropFirst(count)
    }
}
