import FindingStore
import Findings

/// A scan with all that is known of it before it is opened.
public struct PlannedScan: Sendable {
    /// Position among all scans that were found.
    let number: Int
    public let scan: DiscoveredScan
    /// Never empty.
    public let patients: [Patient]
    /// In micrometres per level-0 pixel, from the manifest; that of the first where the same bytes have several names.
    public let spacing: Double?
    /// In bytes; 0 where the file could not be looked at.
    public let size: Int64
    /// Within which it is to be looked at; that of the first where the same bytes have several names.
    var outlines: RegionsOfInterest? = nil
    /// Whether its label is to be read, and may say whose it is.
    var needsLabel = false
}

extension PlannedScan {
    static func warning(scansOfSeveralSpacings count: Int) -> String? {
        counted(
            count, "scan has two spacings in the manifest, under two names: it was analysed with one of them",
            "scans have two spacings in the manifest, under two names: they were analysed with one of them")
    }

    static func warning(scansOfSeveralOutlines count: Int) -> String? {
        counted(
            count, "scan has two files of outlines, under two names: it was analysed within those of one",
            "scans have two files of outlines, under two names: they were analysed within those of one")
    }
}

/// What a batch would do: the same for `--dry-run` and for the run itself.
public struct BatchPlan: Sendable {
    /// A folder or file that cannot be reached, and whom it would have been of.
    public struct Unreachable: Sendable {
        public let input: UnreachableInput
        public let patient: Patient
    }

    /// To be opened, in order: analysed unless their bytes are known under another name.
    public let scans: [PlannedScan]
    public let known: KnownScans
    public let unreachable: [Unreachable]
    /// What a person should look at, one sentence each, without patient data.
    public let warnings: [String]
    /// Likewise, of what lay in the folders and what the manifest says.
    public var notices: [Notice] = []
    /// The folders that were looked at, absolute.
    var walked: [ScanPath] = []
    /// What was passed over, for who asks for names.
    var leftOut = LeftOut()
    /// Rows of the database that say of a file what the audit chain does not.
    var forgedStamps = 0
    /// What earlier analyses took; nil where there are none to go by.
    var pace: AnalysisPace? = nil

    /// Everything found.
    public var found: Int { scans.count + known.count + unreachable.count }

    /// How many bytes are to be read.
    public var size: Int64 {
        scans.reduce(0) { sum, scan in
            let (total, overflowed) = sum.addingReportingOverflow(scan.size)
            return overflowed ? .max : total
        }
    }
}
