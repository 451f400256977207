import Crypto
import Findings
import Glibc
import Slides
import SystemPackage

/// A scan's file, held open from its hash to its last pixel, so that what is hashed is what is decoded; of a scan of several
/// files, all of them.
public struct OpenedScan: ~Copyable, Sendable {
    /// Owned by this value. Read it with `pread`: its offset is shared.
    public let descriptor: FileDescriptor
    /// Nil for a scan of one file.
    public let form: MultifileForm?
    /// Likewise owned by this value; by the bytes of their names.
    public let parts: [ScanFiles.Part]
    /// The files as they were when they were opened.
    public let stamp: FileStamp
    /// The same; of a copy, that of the file which it is a copy of, and by which the scan is known.
    public let origin: FileStamp
    /// Bytes that the disk holds of it: of a file with holes, less than its size.
    public let storedByteCount: Int64

    public var fileDescriptor: Int32 { descriptor.rawValue }
    /// Of all files, that which the scan is known by first.
    public var descriptors: [FileDescriptor] {
        [descriptor] + parts.map { FileDescriptor(rawValue: $0.descriptor) }
    }
    /// Of all files.
    public var byteCount: Int64 { stamp.size }
    /// For as long as this value is there.
    public var files: ScanFiles { ScanFiles(descriptor: descriptor.rawValue, form: form, parts: parts) }

    /// Opens a regular file, with the parts of its scan; not a link, device, pipe or folder.
    public init(path: String) throws(AnalysisFailure) {
        let opened: FileDescriptor
        do {
            // Not blocking: opening a pipe would wait for who writes into it.
            opened = try .open(FilePath(path), .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
        } catch {
            throw error as? Errno == .tooManySymbolicLinkLevels
                ? OpenedScan.notRegular : OpenedScan.failure("cannot be opened", error)
        }
        let place = FilePath(path)
        let name = Array((place.lastComponent?.string ?? "").utf8)
        try self.init(owning: opened, named: name) { (form) throws(AnalysisFailure) in
            do throws(SlideError) {
                return try form.openParts(ofFileNamed: name, inFolder: place.removingLastComponent())
            } catch {
                throw AnalysisFailure(error, stage: .open)
            }
        }
    }

    /// Takes a descriptor of a file of this name, and opens the parts where its scan has some.
    ///
    /// - Parameters:
    ///   - name: without a folder, as the file system has it.
    ///   - openParts: opens them beside it.
    public init(
        owning descriptor: FileDescriptor, named name: [UInt8],
        openParts: (MultifileForm) throws(AnalysisFailure) -> [ScanFiles.Part]
    ) throws(AnalysisFailure) {
        guard let form = MultifileForm(ofFileNamed: name) else {
            try self.init(owning: descriptor)
            return
        }
        let parts: [ScanFiles.Part]
        do throws(AnalysisFailure) {
            parts = try openParts(form)
        } catch {
            try? descriptor.close()
            throw error
        }
        try self.init(owning: descriptor, form: form, parts: parts)
    }

    /// Takes descriptors that are open for reading, and closes them in the end, or at once where one is of no regular file.
    ///
    /// - Parameter origin: the scan that this one is a copy of.
    public init(
        owning descriptor: FileDescriptor, form: MultifileForm? = nil, parts: [ScanFiles.Part] = [],
        copyOf origin: FileStamp? = nil
    ) throws(AnalysisFailure) {
        let found = try OpenedScan.stampOrClosing(descriptor, form, parts)
        stamp = found.stamp
        storedByteCount = found.storedByteCount
        self.origin = origin ?? found.stamp
        self.descriptor = descriptor
        self.form = form
        self.parts = parts
    }

    deinit { OpenedScan.close(descriptor, parts) }

    /// Nothing of a value that cannot be copied is there before all that may fail is done: Swift 6.3 releases what was never set.
    private static func stampOrClosing(
        _ descriptor: FileDescriptor, _ form: MultifileForm?, _ parts: [ScanFiles.Part]
    ) throws(AnalysisFailure) -> (stamp: FileStamp, storedByteCount: Int64) {
        do throws(AnalysisFailure) {
            return try stamp(of: descriptor, form, parts)
        } catch {
            close(descriptor, parts)
            throw error
        }
    }

    private static func close(_ descriptor: FileDescriptor, _ parts: [ScanFiles.Part]) {
        try? descriptor.close()
        for part in parts { try? FileDescriptor(rawValue: part.descriptor).close() }
    }

    /// The SHA-256 of the file's bytes, from one sequential read in bounded memory. Of a scan of several files, that of the first
    /// one's hash and, for each part, of its name, a zero and its hash.
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
        guard var digest = try digest(of: descriptor, while: isWanted) else { return nil }
        if form != nil {
            var hasher = SHA256()
            hasher.update(data: Array(digest))
            for part in parts {
                let descriptor = FileDescriptor(rawValue: part.descriptor)
                guard let own = try self.digest(of: descriptor, while: isWanted) else { return nil }
                hasher.update(data: Array(part.name.utf8) + [0] + Array(own))
            }
            digest = hasher.finalize()
        }
        try checkUnchanged()
        return ContentHash(digest: digest)
    }

    /// Of one file.
    private func digest(
        of descriptor: FileDescriptor, while isWanted: () -> Bool
    ) throws(AnalysisFailure) -> SHA256.Digest? {
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
            guard count > 0 else { return hasher.finalize() }
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

    /// Throws `changed` where a file's size or times are not those it was opened with.
    public func checkUnchanged() throws(AnalysisFailure) {
        guard try OpenedScan.stamp(of: descriptor, form, parts).stamp == stamp else {
            throw AnalysisFailure(stage: .read, code: .changed, message: "the file changed while it was read")
        }
    }

    private static func stamp(
        of descriptor: FileDescriptor, _ form: MultifileForm?, _ parts: [ScanFiles.Part]
    ) throws(AnalysisFailure) -> (stamp: FileStamp, storedByteCount: Int64) {
        let status = try status(of: descriptor)
        var stored = Int64(status.st_blocks) * 512
        guard form != nil else { return (FileStamp(status), stored) }
        let stamps = try parts.map { (part) throws(AnalysisFailure) in
            let status = try self.status(of: FileDescriptor(rawValue: part.descriptor))
            stored += Int64(status.st_blocks) * 512
            return (name: part.name, stamp: FileStamp(status))
        }
        return (FileStamp(FileStamp(status), parts: stamps), stored)
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
