import Crypto
import Findings
import Glibc

/// A scan's file, held open from its hash to its last pixel, so that what is hashed is what is decoded.
public struct OpenedScan: ~Copyable {
    /// An open descriptor that this value owns. Read it with `pread`: its offset is shared.
    public let fileDescriptor: Int32
    /// The file as it was when it was opened.
    public let stamp: FileStamp

    /// Opens a regular file; not a link, device, pipe or folder.
    public init(path: String) throws(AnalysisFailure) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ELOOP ? OpenedScan.notRegular : OpenedScan.failure("cannot be opened", errno)
        }
        try self.init(owning: descriptor)
    }

    /// Takes a descriptor that is open for reading, and closes it in the end, or at once where it is of no regular file.
    public init(owning descriptor: Int32) throws(AnalysisFailure) {
        do {
            stamp = try OpenedScan.stamp(of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        fileDescriptor = descriptor
    }

    deinit { close(fileDescriptor) }

    public var byteCount: Int64 { stamp.size }

    /// The SHA-256 of the file's bytes, from one sequential read in bounded memory.
    ///
    /// - Throws: `changed` where the file is not the one that was opened any more: still being written.
    public func hash() throws(AnalysisFailure) -> ContentHash {
        var hasher = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: off_t = 0
        while true {
            let count = buffer.withUnsafeMutableBytes { pread(fileDescriptor, $0.baseAddress, $0.count, offset) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw OpenedScan.failure("cannot be read", errno) }
            if count == 0 { break }
            hasher.update(data: buffer[..<count])
            offset += off_t(count)
        }
        try checkUnchanged()
        return ContentHash(digest: hasher.finalize())
    }

    /// Throws `changed` where the file's size or times are not those it was opened with.
    public func checkUnchanged() throws(AnalysisFailure) {
        guard try OpenedScan.stamp(of: fileDescriptor) == stamp else {
            throw AnalysisFailure(stage: .read, code: .changed, message: "the file changed while it was read")
        }
    }

    private static func stamp(of descriptor: Int32) throws(AnalysisFailure) -> FileStamp {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("has no status", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notRegular }
        return FileStamp(status)
    }

    private static var notRegular: AnalysisFailure {
        AnalysisFailure(stage: .open, code: .unsupported, message: "not a regular file")
    }

    private static func failure(_ what: String, _ code: Int32) -> AnalysisFailure {
        AnalysisFailure(
            stage: .open, code: .inputOutput, message: "the file \(what): \(String(cString: strerror(code)))")
    }
}
