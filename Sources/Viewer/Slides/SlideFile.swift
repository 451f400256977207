import Analysis
import Batch
import Findings
import SystemPackage

/// The files of a scan, open, and known to hold the bytes that were analysed for as long as they do not change.
final class SlideFile: Sendable {
    private let opened: OpenedScan

    /// - Parameter isRecorded: whether a run hashed a file to these bytes when the file system said this of it.
    /// - Returns: nil where they hold other bytes now.
    /// - Throws: `AnalysisFailure` where it cannot be opened or read.
    init?(_ place: ScanPath, of scan: Scan, isRecorded: (FileStamp) -> Bool) throws {
        opened = try openRecorded(place)
        if isRecorded(opened.stamp) { return }
        guard opened.byteCount == scan.byteCount, try opened.hash() == scan.sha256 else { return nil }
    }

    /// Of that which the scan is known by.
    var descriptor: FileDescriptor { opened.descriptor }

    /// Whether they still are what they were when they were opened.
    var isUnchanged: Bool { (try? opened.checkUnchanged()) != nil }

    /// Gives a process what else it reads the scan from.
    func handOver(to socket: FileDescriptor) throws { try ScanHandover.send(opened, to: socket) }
}
