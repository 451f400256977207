import Findings
import Glibc

/// A text file that is there whole or not at all, for its owner only; or standard output.
struct OutputFile: ~Copyable {
    private let path: String?
    private let temporaryPath: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFinished = false

    private static let bufferSize = 1 << 16

    /// - Parameter path: nil for standard output.
    init(_ path: String?) throws(CommandFailure) {
        self.path = path
        guard let path else {
            (temporaryPath, descriptor) = ("", STDOUT_FILENO)
            return
        }
        temporaryPath = path + ".\(getpid()).partial"
        // Findings are patient data: nobody else may read them.
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw OutputFile.failure(.cannotCreate, path) }
    }

    deinit {
        guard path != nil else { return }
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    mutating func write(_ text: String) throws(CommandFailure) {
        buffer += text.utf8
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes a JSON array, an element a line, each as it comes.
    ///
    /// - Parameter list: is handed what writes one element.
    mutating func writeArray(_ list: (_ write: (JSONValue) throws -> Void) throws -> Void) throws {
        var isFirst = true
        try write("[")
        try list { element in
            try write((isFirst ? "\n" : ",\n") + element.compact)
            isFirst = false
        }
        try write("\n]")
    }

    private mutating func flush() throws(CommandFailure) {
        var written = 0
        while written < buffer.count {
            let count = buffer[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                // The reader has gone, as under `head`.
                if path == nil && errno == EPIPE { exit(0) }
                throw OutputFile.failure(.inputOutput, path ?? "standard output")
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what is left, and gives the file its name.
    mutating func finish() throws(CommandFailure) {
        try flush()
        guard let path else { return }
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
            throw OutputFile.failure(.inputOutput, path)
        }
        isFinished = true
    }

    private static func failure(_ status: ExitStatus, _ path: String) -> CommandFailure {
        CommandFailure(status, "\(path): \(String(cString: strerror(errno)))")
    }
}
