import FoundationEssentials
import Glibc
import SystemPackage

/// The bytes of a model, in memory or in a file, of which a reader takes what it needs.
struct ByteSource: ~Copyable {
    let count: Int
    private let data: Data
    /// Nil where `data` holds all.
    private let descriptor: FileDescriptor?
    /// A piece of the file around the byte that was read last, so that reading byte by byte costs few calls.
    private var piece: [UInt8] = []
    private var pieceStart = 0

    private static let pieceSize = 1 << 16

    init(_ data: Data) {
        self.data = data
        count = data.count
        descriptor = nil
    }

    /// - Throws: ``ONNXError`` of kind `io`.
    init(path: String, followsLinks: Bool = true) throws(ONNXError) {
        let descriptor: FileDescriptor
        do {
            // Not blocking: opening a pipe would wait for its writer.
            descriptor = try .open(
                FilePath(path), .readOnly,
                options: followsLinks ? [.closeOnExec, .nonBlocking] : [.closeOnExec, .nonBlocking, .noFollow])
        } catch {
            throw ONNXError(.io, "the model cannot be read: \(error)")
        }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? descriptor.close()
            throw ONNXError(.io, "the model cannot be read: it is no file")
        }
        self.descriptor = descriptor
        count = Int(status.st_size)
        data = Data()
    }

    deinit {
        try? descriptor?.close()
    }

    /// - Precondition: `position` lies in the source.
    mutating func byte(at position: Int) throws(ONNXError) -> UInt8 {
        precondition(0..<count ~= position, "a byte outside of the model")
        guard descriptor != nil else { return data[data.startIndex + position] }
        if !(pieceStart..<pieceStart + piece.count ~= position) {
            piece = try elements(position..<min(position + Self.pieceSize, count), of: UInt8.self)
            pieceStart = position
        }
        return piece[position - pieceStart]
    }

    func bytes(_ range: Range<Int>) throws(ONNXError) -> Data {
        guard descriptor != nil else {
            return data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
        }
        return Data(try elements(range, of: UInt8.self))
    }

    /// The bytes of a range as little-endian numbers.
    ///
    /// - Precondition: the range lies in the source, and is a whole number of elements long.
    func elements<Element: BitwiseCopyable>(_ range: Range<Int>, of type: Element.Type) throws(ONNXError) -> [Element] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes outside of the model")
        let stride = MemoryLayout<Element>.stride
        var isWhole = true
        let elements = [Element](unsafeUninitializedCapacity: range.count / stride) { buffer, initialized in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            isWhole = read(range, into: raw)
            initialized = isWhole ? buffer.count : 0
        }
        // Short where the file was cut after it was opened.
        guard isWhole else { throw ONNXError(.io, "the model cannot be read to its end") }
        return elements
    }

    private func read(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        guard let descriptor else {
            let part = data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
            return part.copyBytes(to: buffer) == range.count
        }
        var done = 0
        while done < range.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<range.count])
            let count = try? descriptor.read(fromAbsoluteOffset: Int64(range.lowerBound + done), into: rest)
            guard let count, count > 0 else { return false }
            done += count
        }
        return true
    }
}
