import FindingStore
import Findings

/// A scan that did not change since it was hashed, and that nothing is to be done with.
public struct KnownScan: Sendable {
    public enum Reason: Sendable, Hashable {
        /// This pipeline is done with it.
        case done
        /// This pipeline failed on it as often as is tried.
        case givenUp
        /// The same, and a person said that they know.
        case accepted
    }

    public let scan: PlannedScan
    public let file: HashedFile
    public let reason: Reason
}

/// The scans that nothing is to be done with: most of those that most nights find, so of those that lie where they lay, as
/// whose they were, numbers are all that is kept.
public struct KnownScans: Sendable {
    private(set) var counts: [KnownScan.Reason: Int] = [:]
    /// The rows in the store of the files that are recorded as they are.
    private(set) var recorded: [Int64] = []
    /// All others: other names of known bytes, or of another patient now. All of them where names are asked for.
    private(set) var named: [KnownScan] = []
    private(set) var givenUp: [ContentHash] = []
    /// What the manifest gives, in micrometres per pixel.
    private(set) var spacings: [ContentHash: Double] = [:]

    var count: Int { counts.values.reduce(0, +) }

    func count(_ reason: KnownScan.Reason) -> Int { counts[reason] ?? 0 }

    /// - Parameter rows: in the store; nil where something of the file is new.
    mutating func append(_ scan: KnownScan, rows: [Int64]?) {
        counts[scan.reason, default: 0] += 1
        if scan.reason == .givenUp { givenUp.append(scan.file.sha256) }
        if let spacing = scan.scan.spacing { spacings[scan.file.sha256] = spacing }
        if let rows { recorded += rows } else { named.append(scan) }
    }
}
