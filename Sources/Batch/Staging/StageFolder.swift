import Analysis
import CLinux
import Findings
import Glibc
import Listings
import Slides
import SystemPackage

/// A folder on a local disk into which scans are copied before they are hashed and analysed.
///
/// A copy has no name (O_TMPFILE of open(2)): nobody can list it, and it is gone with its last descriptor, however the program
/// ends.
public struct StageFolder: Sendable {
    private let path: ScanPath
    private let reserve: Int64

    /// What stays free on the disk, in bytes: the database may lie there.
    public static let reserve: Int64 = 256 << 20

    /// Why there is no copy of a scan, which is then read where it lies.
    enum Shortcoming: Error, Hashable {
        case noRoom
        /// A copy cannot be written.
        case unwritable
        /// Nobody wants it any more, or what is wrong with the scan itself is told to whoever reads it.
        case unwanted
    }

    /// - Throws: `missingInput` or `unusableStage` where no copies can be made there.
    public init(_ path: String, reserve: Int64 = Self.reserve) throws(BatchError) {
        self.path = ScanPath(path)
        self.reserve = reserve
        let code: Errno
        do throws(Errno) {
            _ = try makeFile()
            return
        } catch {
            code = error
        }
        switch code {
        case .noSuchFileOrDirectory, .notDirectory:
            throw BatchError(.missingInput, "the stage \(path.printable) is no folder that is there: make it first")
        case .notSupported, .isDirectory, .invalidArgument:
            throw BatchError(
                .unusableStage,
                "the file system of the stage \(path.printable) knows no files without a name: use a local disk, or a tmpfs"
            )
        default:
            throw BatchError(.unusableStage, "no copies of scans can be made in the stage \(path.printable): \(code)")
        }
    }

    /// A copy of the scan, open for reading only, that is known by the stamp of the scan itself.
    ///
    /// - Parameter isWanted: asked before each MiB.
    func copy(_ scan: borrowing OpenedScan, while isWanted: () -> Bool) throws(Shortcoming) -> OpenedScan {
        if let disk = DiskSpace(ofFolder: path), disk.free - scan.byteCount < reserve { throw .noRoom }
        let file = try copy(scan.descriptor, while: isWanted)
        var parts: [ScanFiles.Part] = []
        do throws(Shortcoming) {
            for part in scan.parts {
                let copy = try copy(FileDescriptor(rawValue: part.descriptor), while: isWanted)
                parts.append(ScanFiles.Part(name: part.name, descriptor: copy.release().rawValue))
            }
            do throws(AnalysisFailure) { try scan.checkUnchanged() } catch { throw .unwanted }
        } catch {
            for part in parts { try? FileDescriptor(rawValue: part.descriptor).close() }
            throw error
        }
        do throws(AnalysisFailure) {
            return try OpenedScan(owning: file.release(), form: scan.form, parts: parts, copyOf: scan.stamp)
        } catch {
            throw .unwritable
        }
    }

    private func copy(_ original: FileDescriptor, while isWanted: () -> Bool) throws(Shortcoming) -> OpenFile {
        var status = stat()
        guard fstat(original.rawValue, &status) == 0 else { throw .unwanted }
        let size = Int64(status.st_size)
        let file: OpenFile
        do throws(Errno) { file = try makeFile() } catch { throw StageFolder.shortcoming(error) }
        // All at once, so that of two programs not each has a half.
        if size > 0, posix_fallocate(file.number, 0, off_t(size)) == ENOSPC { throw .noRoom }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: Int64 = 0
        while offset < size {
            guard isWanted() else { throw .unwanted }
            let count = try? buffer.withUnsafeMutableBytes {
                try original.read(fromAbsoluteOffset: offset, into: $0)
            }
            guard let count, count > 0 else { throw .unwanted }
            do {
                try file.descriptor.writeAll(toAbsoluteOffset: offset, buffer[..<count])
            } catch {
                throw StageFolder.shortcoming(error as? Errno)
            }
            offset += Int64(count)
        }
        let readable = open("/proc/self/fd/\(file.number)", O_RDONLY | O_CLOEXEC)
        guard readable >= 0 else { throw .unwritable }
        return OpenFile(owning: FileDescriptor(rawValue: readable))
    }

    private static func shortcoming(_ error: Errno?) -> Shortcoming {
        error == .noSpace || error == .diskQuotaExceeded ? .noRoom : .unwritable
    }

    private func makeFile() throws(Errno) -> OpenFile {
        let file = path.withCString { open($0, O_RDWR | O_DIRECTORY | clinux_open_unnamed | O_CLOEXEC, 0o600) }
        guard file >= 0 else { throw Errno(rawValue: errno) }
        return OpenFile(owning: FileDescriptor(rawValue: file))
    }
}
