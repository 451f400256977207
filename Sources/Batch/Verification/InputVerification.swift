import Analysis
import FindingStore
import Findings
import Glibc

/// Whether the files of scans still hold the bytes that were analysed, as far as they are still there.
public struct InputVerification: Sendable, Hashable {
    public private(set) var irregularities: [Irregularity] = []
    /// Files that were read again.
    public private(set) var read = 0
    /// Files that are where they were no more.
    public private(set) var missing = 0

    /// Reads every file again, in bounded memory.
    ///
    /// - Parameter scans: those whose place has had other bytes since are left out.
    public init(_ scans: [ScanSummary]) {
        for scan in scans where !scan.isReplaced { check(scan) }
    }

    private mutating func check(_ scan: ScanSummary) {
        let file = ScanPath(scan.folder).appending(scan.path)
        guard file.withCString({ access($0, F_OK) }) == 0 else {
            missing += 1
            return
        }
        let place = "scan \(scan.scan.sha256.prefix)"
        read += 1
        do throws(AnalysisFailure) {
            if try openRecorded(file).hash() != scan.scan.sha256 {
                irregularities.append(Irregularity(place, "its file holds other bytes now than were analysed"))
            }
        } catch {
            irregularities.append(Irregularity(place, "its file cannot be read: \(error.message)"))
        }
    }
}
