import FindingStore
import Findings

/// Makes a plan of what was found: whom each scan is of, and which are done already.
public struct BatchPlanner {
    private let assignment: PatientAssignment
    private let store: FindingStore?
    private let pipeline: ContentHash
    private let retries: RetryPolicy

    /// - Parameters:
    ///   - store: nil where there is no database so far.
    ///   - pipeline: the fingerprint.
    public init(
        assignment: PatientAssignment, store: FindingStore?, pipeline: ContentHash, retries: RetryPolicy = .standard
    ) {
        self.assignment = assignment
        self.store = store
        self.pipeline = pipeline
        self.retries = retries
    }

    /// Reads no scan: what is done is told by what the file system says of the files.
    ///
    /// - Throws: `store` where the store cannot be read.
    public func plan(_ discovery: ScanDiscovery) throws(BatchError) -> BatchPlan {
        let files = try discovery.scans.map { (scan) throws(BatchError) in try lookUp(scan) }
        // The same bytes have one spacing, whatever names they have: that of the first.
        var spacings: [ContentHash: [Double]] = [:]
        for case (let sha256?, let spacing?) in files.map({ ($0.sha256, $0.spacing) }) {
            spacings[sha256, default: []].append(spacing)
        }
        var scans: [PlannedScan] = []
        var known: [BatchPlan.KnownScan] = []
        for (number, file) in files.enumerated() {
            let planned = PlannedScan(
                number: number, scan: file.scan, patients: assignment.patients(of: file.scan),
                spacing: file.sha256.flatMap { spacings[$0]?.first } ?? file.spacing, size: file.stamp?.size ?? 0)
            if let stamp = file.stamp, let sha256 = file.sha256, let reason = try nothingToDo(sha256, planned.spacing) {
                known.append(.init(scan: planned, sha256: sha256, stamp: stamp, reason: reason))
            } else {
                scans.append(planned)
            }
        }
        let warnings =
            warnings(of: discovery, givenUp: known.count { $0.reason == .givenUp })
            + [PlannedScan.warning(scansOfSeveralSpacings: spacings.values.count { Set($0).count > 1 })]
        return BatchPlan(
            scans: scans, known: known,
            unreachable: discovery.unreachable.map { .init(input: $0, patient: assignment.patient(of: $0)) },
            warnings: warnings.compactMap(\.self), pace: try pace())
    }

    /// A file with what is known of it without reading it.
    private struct KnownFile {
        let scan: DiscoveredScan
        let stamp: FileStamp?
        /// Nil for a file that is new or has changed.
        let sha256: ContentHash?
        /// The manifest's.
        let spacing: Double?
    }

    /// What earlier analyses by the pipeline took.
    private func pace() throws(BatchError) -> AnalysisPace? {
        do throws(StoreError) {
            return try store?.pace(pipeline: pipeline)
        } catch {
            throw BatchError(error)
        }
    }

    private func lookUp(_ scan: DiscoveredScan) throws(BatchError) -> KnownFile {
        let stamp = fileStatus(scan.file).map { FileStamp($0) }
        do throws(StoreError) {
            let sha256 = if let stamp { try store?.cachedHash(stamp) } else { ContentHash?.none }
            return KnownFile(scan: scan, stamp: stamp, sha256: sha256, spacing: assignment.spacing(of: scan))
        } catch {
            throw BatchError(error)
        }
    }

    /// Why an unchanged file is left alone; nil for one that is to be opened.
    private func nothingToDo(
        _ sha256: ContentHash, _ spacing: Double?
    ) throws(BatchError) -> BatchPlan.KnownScan.Reason? {
        do throws(StoreError) {
            guard let store else { return nil }
            if try store.doneAnalysisExists(scan: sha256, pipeline: pipeline, spacing: spacing) { return .done }
            let failures = try store.failureCount(scan: sha256, pipeline: pipeline, spacing: spacing)
            return failures >= retries.failureLimit ? .givenUp : nil
        } catch {
            throw BatchError(error)
        }
    }

    private func warnings(of discovery: ScanDiscovery, givenUp: Int) -> [String?] {
        [
            counted(
                discovery.unfollowedLinks, "link was not followed: it leads out of the folder, to a folder, or nowhere",
                "links were not followed: they lead out of the folder, to folders, or nowhere"),
            counted(
                discovery.unexaminedFiles, "file without a TIFF suffix could not be read, so it may be a scan",
                "files without a TIFF suffix could not be read, so they may be scans"),
            counted(
                assignment.unmatchedRows(discovery.scans), "row of the manifest names no scan that was found",
                "rows of the manifest name no scan that was found"),
            counted(
                givenUp, "scan is given up: it failed \(retries.failureLimit) times",
                "scans are given up: they failed \(retries.failureLimit) times"),
        ]
    }
}

/// A sentence that begins with its number; nil for none.
func counted(_ count: Int, _ one: String, _ many: String) -> String? {
    switch count {
    case 0: nil
    case 1: "1 \(one)"
    default: "\(count) \(many)"
    }
}
