import Glibc
import SystemPackage

/// The worker's end of the channel: waits as long as it takes.
struct WorkerChannel: ~Copyable {
    private let socket: OpenFile
    private var decoder = FrameDecoder()
    /// What came with the messages and was not taken so far.
    private var handed: [FileDescriptor] = []

    init(_ socket: consuming OpenFile) {
        self.socket = socket
    }

    deinit { for descriptor in handed { try? descriptor.close() } }

    /// Takes the channel from standard input, and leaves the standard streams to whoever writes to them unasked: a
    /// library that prints must not break into a frame, so what is printed goes to standard error.
    ///
    /// - Returns: nil where standard input is no channel.
    static func takeStandardInput() -> WorkerChannel? {
        // Above the standard streams, so that it is none of them whatever was closed before.
        let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard number >= 0 else { return nil }
        if let nothing = try? FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec) {
            _ = try? nothing.duplicate(as: .standardInput)
            try? nothing.close()
        }
        _ = try? FileDescriptor.standardError.duplicate(as: .standardOutput)
        return WorkerChannel(OpenFile(owning: FileDescriptor(rawValue: number)))
    }

    /// Ends the process as soon as the batch closes its end, in the middle of a scan too: a batch that was killed
    /// must not leave workers behind. (A signal at the parent's death would not do: Linux sends it when the parent's
    /// *thread* ends, and the batch's threads come and go.)
    func endProcessWithBatch() {
        let thread = UnsafeMutablePointer<pthread_t>.allocate(capacity: 1)
        let channel = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        channel.initialize(to: socket.number)
        defer { thread.deallocate() }
        pthread_create(
            thread, nil,
            { channel in
                guard let number = channel?.load(as: Int32.self) else { return nil }
                // No event is asked for: hang-up is always reported.
                var watched = [pollfd(fd: number, events: 0, revents: 0)]
                while wait(for: &watched, atMost: .seconds(3600)) == 0 {}
                _exit(0)
            }, channel)
    }

    /// The next request; nil when the batch has closed its end.
    mutating func receive() throws -> AnalysisRequest? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let request = try decoder.next(AnalysisRequest.self) { return request }
            let count = buffer.withUnsafeMutableBytes {
                Batch.receive(from: socket.descriptor, into: $0, &handed)
            }
            guard count > 0 else {
                if decoder.isWithinFrame { throw FrameError.cutShort }
                return nil
            }
            buffer.withUnsafeBytes { decoder.append(.init(rebasing: $0[..<count])) }
        }
    }

    /// The descriptors that came with the last message. Whoever takes them closes them.
    mutating func takeFiles() -> [FileDescriptor] {
        defer { handed = [] }
        return handed
    }

    /// Writes a whole message. A batch that is gone ends the process, by SIGPIPE or by the watch.
    func send(_ message: WorkerMessage) throws {
        try sendAll(try Frame.encode(message), to: socket.descriptor)
    }
}
