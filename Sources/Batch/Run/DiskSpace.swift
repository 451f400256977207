import Findings
import Glibc
import Listings

/// The room on the disk that holds the database, looked at before a night begins rather than in the middle of it.
struct DiskSpace {
    /// In bytes, for programs without privileges.
    let free: Int64

    /// Less than this and not even the write-ahead log can grow: no scan could be recorded.
    private static let least: Int64 = 4 << 20
    /// What an analysis takes in the database: some hundred regions with their outlines.
    private static let perScan: Int64 = 256 << 10

    init(free: Int64) {
        self.free = free
    }

    /// Nil where the file system does not tell.
    init?(forFileAt path: String) {
        self.init(ofFolder: ScanPath(path).parent)
    }

    init?(ofFolder path: ScanPath) {
        var status = statvfs()
        guard path.withCString({ statvfs($0, &status) }) == 0 else { return nil }
        let (free, overflowed) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: status.f_frsize))
        self.init(free: overflowed ? .max : free)
    }

    /// - Throws: `diskFull` where no scan could be recorded.
    func check() throws(BatchError) {
        guard free >= DiskSpace.least else {
            let (free, least) = (megabytes(free), megabytes(DiskSpace.least))
            throw BatchError(
                .diskFull, "the disk that holds the database has \(free) MB free; a run needs \(least) MB")
        }
    }

    /// For a person, where there may not be enough for so many scans.
    func warning(scans: Int) -> String? {
        let (needed, overflowed) = Int64(scans).multipliedReportingOverflow(by: DiskSpace.perScan)
        guard overflowed || free - DiskSpace.least < needed else { return nil }
        return
            "the disk that holds the database has \(megabytes(free)) MB free, which may not do for \(scans.counting("scan"))"
    }

    private func megabytes(_ bytes: Int64) -> String {
        "\((Double(bytes) / 1e6).rounded(toDigits: 1))"
    }
}
