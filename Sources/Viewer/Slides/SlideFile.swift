import Analysis
import Findings
import Glibc
import SystemPackage

/// The file of a scan, open, and known to hold the bytes that were analysed for as long as it does not change.
final class SlideFile: Sendable {
    let descriptor: FileDescriptor
    private let stamp: FileStamp

    /// - Parameter isRecorded: whether a run hashed a file to these bytes when the file system said this of it.
    /// - Returns: nil where the file holds other bytes now.
    /// - Throws: `AnalysisFailure` where it cannot be opened or read.
    init?(_ place: ScanPath, of scan: Scan, isRecorded: (FileStamp) -> Bool) throws {
        let opened = try OpenedScan(
            owning: place.withCString { path throws(Errno) in
                let number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
                guard number >= 0 else { throw Errno(rawValue: errno) }
                return FileDescriptor(rawValue: number)
            })
        stamp = opened.stamp
        descriptor = try opened.descriptor.duplicate()
        if isRecorded(opened.stamp) { return }
        guard opened.byteCount == scan.byteCount, try opened.hash() == scan.sha256 else { return nil }
    }

    deinit { try? descriptor.close() }

    /// Whether it still is what it was when it was opened.
    var isUnchanged: Bool {
        var status = stat()
        return fstat(descriptor.rawValue, &status) == 0 && FileStamp(status) == stamp
    }
}
