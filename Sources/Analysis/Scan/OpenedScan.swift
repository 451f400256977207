import Crypto
import Findings
import Glibc
import SystemPackage

/// A scan's file, held open from its hash to its last pixel, so that what is hashed is what is decoded.
public struct OpenedScan: ~Copyable {
    /// Owned by this value. Read it with `pread`: its offset is shared.
    public let descriptor: FileDescriptor
    /// The file as it was when it was opened.
    public let stamp: FileStamp
    /// The same; of a copy, that of the file which it is a copy of, and by which the scan is known.
    public let origin: FileStamp
    /// Bytes that the disk holds of it: of a file with holes, less than its size.
    public let storedByteCount: Int64

    public var fileDescriptor: Int32 { descriptor.rawValue }
    public var byteCount: Int64 { stamp.size }

    /// Opens a regular file; not a link, device, pipe or folder.
    public init(path: String) throws(AnalysisFailure) {
        let opened: FileDescriptor
        do {
            // Not blocking: opening a pipe would wait for who writes into it.
            opened = try .open(FilePath(path), .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
        } catch {
            throw error as? Errno == .tooManySymbolicLinkLevels
                ? OpenedScan.notRegular : OpenedScan.failure("cannot be opened", error)
        }
        try self.init(owning: opened)
    }

    /// Takes a descriptor that is open for reading, and closes it in the end, or at once where it is of no regular file.
    ///
    /// - Parameter origin: the file that this one is a copy of.
    public init(owning descriptor: FileDescriptor, copyOf origin: FileStamp? = nil) throws(AnalysisFailure) {
        let status: stat
        do throws(AnalysisFailure) {
            status = try OpenedScan.status(of: descriptor)
        } catch {
            try? descriptor.close()
            throw error
        }
        stamp = FileStamp(status)
        self.origin = origin ?? stamp
        storedByteCount = Int64(status.st_blocks) * 512
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    /// The SHA-256 of the file's bytes, from one sequential read in bounded memory.
    ///
    /// - Throws: `changed` where the file is not the one that was opened any more: still being written.
    public func hash() throws(AnalysisFailure) -> ContentHash {
        guard let hash = try hash(while: { true }) else { preconditionFailure("nobody ended the reading") }
        return hash
    }

    /// The same, or nil where it is not wanted any more.
    ///
    /// - Parameter isWanted: asked before each MiB.
    public func hash(while isWanted: () -> Bool) throws(AnalysisFailure) -> ContentHash? {
        var hasher = SHA256()
        // Most files of a night may be small.
        var buffer = [UInt8](repeating: 0, count: Int(min(max(byteCount, 4096), 1 << 20)))
        var offset: Int64 = 0
        while isWanted() {
            let count: Int
            do {
                count = try buffer.withUnsafeMutableBytes { try descriptor.read(fromAbsoluteOffset: offset, into: $0) }
            } catch {
                throw OpenedScan.failure("cannot be read", error)
            }
            guard count > 0 else {
                try checkUnchanged()
                return ContentHash(digest: hasher.finalize())
            }
            hasher.update(data: buffer[..<count])
            offset += Int64(count)
        }
        return nil
    }

    /// The first bytes of the file.
    public func bytes(atMost limit: Int) throws(AnalysisFailure) -> [UInt8] {
        let count = Int(clamping: min(byteCount, Int64(limit)))
        var failure: (any Error)?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            do {
                while initialised < count {
                    let rest = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[initialised...])
                    let read = try descriptor.read(fromAbsoluteOffset: Int64(initialised), into: rest)
                    if read == 0 { break }
                    initialised += read
                }
            } catch { failure = error }
        }
        if let failure { throw OpenedScan.failure("cannot be read", failure) }
        return bytes
    }

    /// Throws `changed` where the file's size or times are not those it was opened with.
    public func checkUnchanged() throws(AnalysisFailure) {
        guard FileStamp(try OpenedScan.status(of: descriptor)) == stamp else {
            throw AnalysisFailure(stage: .read, code: .changed, message: "the file changed while it was read")
        }
    }

    private static func status(of descriptor: FileDescriptor) throws(AnalysisFailure) -> stat {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw failure("has no status", Errno(rawValue: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notRegular }
        return status
    }

    private static var notRegular: AnalysisFailure {
        AnalysisFailure(stage: .open, code: .unsupported, message: "not a regular file")
    }

    private static func failure(_ what: String, _ error: any Error) -> AnalysisFailure {
        AnalysisFailure(stage: .open, code: .inputOutput, message: "the file \(what): \(error)")
    }
}
