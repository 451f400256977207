import CTIFF
import Glibc

/// A regular file that libtiff reads through an open descriptor with `pread`, never by mapping it: a file that is cut
/// short while mapped kills the process.
///
/// By the system's own calls, because the fuzzer is built of this room alone, without packages.
final class FileSource {
    let descriptor: Int32
    /// The size in bytes when the file was opened.
    let size: Int
    private var position = 0

    init(path: String) throws(TIFFError) {
        // O_NONBLOCK: opening a named pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure("cannot open the file") }
        (self.descriptor, size) = (descriptor, try Self.checkedSize(closingOnFailure: descriptor))
    }

    /// Duplicates `fileDescriptor`; the caller keeps its own.
    init(duplicating fileDescriptor: Int32) throws(TIFFError) {
        let descriptor = fcntl(fileDescriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw Self.failure("cannot use the file descriptor") }
        (self.descriptor, size) = (descriptor, try Self.checkedSize(closingOnFailure: descriptor))
    }

    deinit { close(descriptor) }

    private static func failure(_ what: String) -> TIFFError {
        TIFFError(.inputOutput, "\(what): \(String(cString: strerror(errno)))")
    }

    private static func checkedSize(closingOnFailure descriptor: Int32) throws(TIFFError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = failure("cannot examine the file")
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TIFFError(.inputOutput, "not a regular file")
        }
        return Int(status.st_size)
    }

    /// Up to `count` bytes from `offset`; fewer only at the end of the file or on an error.
    func read(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: min(count, size - offset)) { buffer, initialised in
            initialised = max(0, read(into: UnsafeMutableRawBufferPointer(buffer), at: offset))
        }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + done, buffer.count - done, offset + done)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return -1 }
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
