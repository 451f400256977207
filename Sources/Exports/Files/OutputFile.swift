import Glibc
import Listings

/// A file that is there whole or not at all, for its owner only; or standard output, a device or a pipe.
public struct OutputFile: ~Copyable {
    /// What errors call it.
    private let name: String
    /// A file's name until it is complete; nil for what has no name to get.
    private let partial: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFinished = false
    /// The reader has what it wanted, as under `head`: what comes after it goes nowhere.
    private var isReaderGone = false

    private static let bufferSize = 1 << 20

    /// - Parameter path: nil for standard output.
    public init(_ path: String?) throws(ExportError) {
        guard let path else {
            (name, partial, descriptor) = ("standard output", nil, STDOUT_FILENO)
            return
        }
        name = path
        if OutputFile.isWrittenThrough(path) {
            (partial, descriptor) = (nil, open(path, O_WRONLY | O_TRUNC | O_CLOEXEC))
        } else {
            let partial = path + ".\(getpid()).partial"
            self.partial = partial
            // Findings are patient data: nobody else may read them.
            descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        guard descriptor >= 0 else { throw OutputFile.failure(.cannotCreate, path) }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
        if let partial, !isFinished { unlink(partial) }
    }

    /// A link, device or pipe, such as `/dev/stdout`, is there to be written to, not to be replaced.
    private static func isWrittenThrough(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    public mutating func write(_ text: String) throws(ExportError) {
        buffer += text.utf8
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes what `append` appends.
    mutating func write(_ append: (inout [UInt8]) throws -> Void) throws {
        try append(&buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes a JSON array, an element a line, each as it comes.
    ///
    /// - Parameter list: is handed what writes one element.
    public mutating func writeArray(_ list: (_ write: (JSONValue) throws -> Void) throws -> Void) throws {
        var isFirst = true
        try write("[")
        try list { element in
            try write((isFirst ? "\n" : ",\n") + element.compact)
            isFirst = false
        }
        try write("\n]")
    }

    private mutating func flush() throws(ExportError) {
        defer { buffer.removeAll(keepingCapacity: true) }
        if isReaderGone { return }
        var written = 0
        while written < buffer.count {
            let count = buffer[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                if partial == nil && errno == EPIPE {
                    isReaderGone = true
                    break
                }
                throw OutputFile.failure(.inputOutput, name)
            }
            written += count
        }
    }

    /// Writes what is left, and gives the file its name.
    public mutating func finish() throws(ExportError) {
        try flush()
        guard let partial else { return }
        guard fsync(descriptor) == 0, rename(partial, name) == 0 else {
            throw OutputFile.failure(.inputOutput, name)
        }
        isFinished = true
    }

    private static func failure(_ kind: ExportError.Kind, _ path: String) -> ExportError {
        ExportError(kind, "\(path): \(String(cString: strerror(errno)))")
    }
}
