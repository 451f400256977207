import CTIFF
import Glibc
import SystemPackage

/// A regular file that libtiff reads through an open descriptor with `pread`, never by mapping it: a file that is cut
/// short while mapped kills the process.
final class FileSource {
    private let file: FileDescriptor
    /// The size in bytes when the file was opened.
    let size: Int
    private var position = 0

    convenience init(path: String) throws(TIFFError) {
        let file: FileDescriptor
        do {
            // Not blocking: opening a named pipe would wait for a writer.
            file = try .open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw TIFFError(.inputOutput, "cannot open the file: \(error)")
        }
        try self.init(owning: file)
    }

    /// Duplicates `fileDescriptor`; the caller keeps its own.
    convenience init(duplicating fileDescriptor: Int32) throws(TIFFError) {
        let copy = fcntl(fileDescriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            throw TIFFError(.inputOutput, "cannot use the file descriptor: \(Errno(rawValue: errno))")
        }
        try self.init(owning: FileDescriptor(rawValue: copy))
    }

    private init(owning file: FileDescriptor) throws(TIFFError) {
        self.file = file
        var status = stat()
        let isKnown = fstat(file.rawValue, &status) == 0
        size = Int(status.st_size)
        guard isKnown else {
            throw TIFFError(.inputOutput, "cannot examine the file: \(Errno(rawValue: errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TIFFError(.inputOutput, "not a regular file") }
    }

    deinit { try? file.close() }

    /// Up to `count` bytes from `offset`; fewer only at the end of the file or on an error.
    func read(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: min(count, size - offset)) { buffer, initialised in
            initialised = max(0, read(into: UnsafeMutableRawBufferPointer(buffer), at: offset))
        }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            guard let count = try? file.read(fromAbsoluteOffset: Int64(offset + done), into: rest) else { return -1 }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// libtiff's handle over this source, without a directory loaded. The source must outlive it.
    func openHandle(options: OpaquePointer) -> OpaquePointer? {
        return TIFFClientOpenExt(
            // "h": the first directory may be bad and the next one good. "m": no mapping. "D": a table of
            // strips is only read when it is needed, for thousands of directories may share a long one.
            "TIFF", "rhmD", Unmanaged.passUnretained(self).toOpaque(),
            { handle, buffer, count in
                guard let source = FileSource.from(handle), let buffer, count > 0 else { return 0 }
                let done = source.read(
                    into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)), at: source.position)
                source.position += max(0, done)
                return tmsize_t(done)
            },
            { _, _, _ in -1 },
            { handle, offset, whence in
                guard let source = FileSource.from(handle) else { return UInt64.max }
                return source.seek(to: offset, from: whence)
            },
            { _ in 0 },
            { handle in UInt64(FileSource.from(handle)?.size ?? 0) },
            nil, nil, options)
    }

    private static func from(_ handle: thandle_t?) -> FileSource? {
        handle.map { Unmanaged<FileSource>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(to offset: UInt64, from whence: Int32) -> UInt64 {
        guard let offset = Int(exactly: Int64(bitPattern: offset)) else { return UInt64.max }
        let origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : size
        let (target, overflow) = origin.addingReportingOverflow(offset)
        guard !overflow, target >= 0 else { return UInt64.max }
        position = target
        return UInt64(target)
    }
}
