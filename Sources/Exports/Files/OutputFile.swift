import CZLib
import Glibc
import Listings
import SystemPackage

/// A text file that is there whole or not at all, for its owner only; or standard output, a device or a pipe.
public struct OutputFile: ~Copyable {
    /// What errors call it.
    private let name: String
    private let descriptor: FileDescriptor
    /// Nil for what has no name to get, and is there already.
    private var newFile: NewFile?
    private let isClosedInTheEnd: Bool
    /// What compresses on the way into the file, where it is to be.
    private var compressor: gzFile?
    private var buffer: [UInt8] = []
    /// The reader has what it wanted, as under `head`: what comes after it goes nowhere.
    private var isReaderGone = false

    private static let bufferSize = 1 << 20

    /// A new file, as gzip (RFC 1952) without name and time: the same text is the same bytes.
    init(compressed path: String) throws(ExportError) {
        let newFile = try NewFile(at: path)
        let descriptor = newFile.descriptor
        // It closes what it was given, and the file is needed to its end.
        let copy = dup(descriptor.rawValue)
        guard let compressor = gzdopen(copy, "wb6") else {
            close(copy)
            throw ExportError(.inputOutput, "\(path): there is no memory to compress it")
        }
        self.init(
            name: path, descriptor: descriptor, newFile: newFile, isClosedInTheEnd: false, compressor: compressor)
    }

    /// - Parameter path: nil for standard output.
    public init(_ path: String?) throws(ExportError) {
        guard let path else {
            self.init(name: "standard output", descriptor: .standardOutput, newFile: nil, isClosedInTheEnd: false)
            return
        }
        if OutputFile.isWrittenThrough(path) {
            let descriptor = try OutputFile.openThrough(path)
            self.init(name: path, descriptor: descriptor, newFile: nil, isClosedInTheEnd: true)
        } else {
            let newFile = try NewFile(at: path)
            let descriptor = newFile.descriptor
            self.init(name: path, descriptor: descriptor, newFile: newFile, isClosedInTheEnd: false)
        }
    }

    private init(
        name: String, descriptor: FileDescriptor, newFile: consuming NewFile?, isClosedInTheEnd: Bool,
        compressor: gzFile? = nil
    ) {
        self.name = name
        self.descriptor = descriptor
        self.newFile = newFile
        self.isClosedInTheEnd = isClosedInTheEnd
        self.compressor = compressor
    }

    deinit {
        if let compressor { gzclose_w(compressor) }
        if isClosedInTheEnd { try? descriptor.close() }
    }

    /// A link, device or pipe, such as `/dev/stdout`, is there to be written to, not to be replaced.
    private static func isWrittenThrough(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// The file at a link's end is for its owner only from now on: findings are patient data.
    private static func openThrough(_ path: String) throws(ExportError) -> FileDescriptor {
        let opened = open(path, O_WRONLY | O_CLOEXEC)
        guard opened >= 0 else { throw ExportError(.cannotCreate, "\(path): \(Errno(rawValue: errno))") }
        var status = stat()
        let isFile = fstat(opened, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        if isFile, fchmod(opened, 0o600) != 0 || ftruncate(opened, 0) != 0 {
            let error = ExportError(.cannotCreate, "\(path): \(Errno(rawValue: errno))")
            close(opened)
            throw error
        }
        return FileDescriptor(rawValue: opened)
    }

    public mutating func write(_ text: String) throws(ExportError) {
        buffer += text.utf8
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes bytes that are no text.
    public mutating func write(_ bytes: some Sequence<UInt8>) throws(ExportError) {
        buffer += bytes
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
        if isReaderGone || buffer.isEmpty { return }
        if let compressor {
            let count = buffer.withUnsafeBytes { gzfwrite($0.baseAddress, 1, $0.count, compressor) }
            guard count == buffer.count else { throw ExportError(.inputOutput, "\(name): \(Errno(rawValue: errno))") }
            return
        }
        do {
            _ = try descriptor.writeAll(buffer)
        } catch {
            guard error as? Errno == .brokenPipe else { throw ExportError(.inputOutput, "\(name): \(error)") }
            isReaderGone = true
        }
    }

    /// Writes what is left, and gives the file its name.
    public mutating func finish() throws(ExportError) {
        try flush()
        if let compressor {
            self.compressor = nil
            guard gzclose_w(compressor) == Z_OK else {
                throw ExportError(.inputOutput, "\(name): \(Errno(rawValue: errno))")
            }
        }
        try newFile?.publish()
    }
}
