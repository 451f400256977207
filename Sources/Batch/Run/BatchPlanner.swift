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
        var scans: [PlannedScan] = []
        var known: [BatchPlan.KnownScan] = []
        for (number, scan) in discovery.scans.enumerated() {
            let stamp = fileStatus(scan.file).map { FileStamp($0) }
            let planned = PlannedScan(
                number: number, scan: scan, patients: assignment.patients(of: scan),
                spacing: assignment.spacing(of: scan), size: stamp?.size ?? 0)
            if let stamp, let (sha256, reason) = try nothingToDo(stamp) {
                known.append(.init(scan: planned, sha256: sha256, stamp: stamp, reason: reason))
            } else {
                scans.append(planned)
            }
        }
        return BatchPlan(
            scans: scans, known: known,
            unreachable: discovery.unreachable.map { .init(input: $0, patient: assignment.patient(of: $0)) },
            warnings: warnings(of: discovery, givenUp: known.count { $0.reason == .givenUp }))
    }

    /// The hash of an unchanged file, and why it is left alone; nil for a file that is to be opened.
    private func nothingToDo(
        _ stamp: FileStamp
    ) throws(BatchError) -> (ContentHash, BatchPlan.KnownScan.Reason)? {
        do throws(StoreError) {
            guard let store, let sha256 = try store.cachedHash(stamp) else { return nil }
            if try store.doneAnalysisExists(scan: sha256, pipeline: pipeline) { return (sha256, .done) }
            let failures = try store.failureCount(scan: sha256, pipeline: pipeline)
            return failures >= retries.failureLimit ? (sha256, .givenUp) : nil
        } catch {
            throw BatchError(error)
        }
    }

    private func warnings(of discovery: ScanDiscovery, givenUp: Int) -> [String] {
        var warnings: [String] = []
        func warn(_ count: Int, _ one: String, _ many: String) {
            if let warning = counted(count, one, many) { warnings.append(warning) }
        }
        warn(
            discovery.unfollowedLinks, "link was not followed: it leads out of the folder, to a folder, or nowhere",
            "links were not followed: they lead out of the folder, to folders, or nowhere")
        warn(
            discovery.unexaminedFiles, "file without a TIFF suffix could not be read, so it may be a scan",
            "files without a TIFF suffix could not be read, so they may be scans")
        warn(
            assignment.unmatchedRows(discovery.scans), "row of the manifest names no scan that was found",
            "rows of the manifest name no scan that was found")
        warn(
            givenUp, "scan is given up: it failed \(retries.failureLimit) times",
            "scans are given up: they failed \(retries.failureLimit) times")
        return warnings
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
