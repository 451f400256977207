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
        let assigned = try assignment.assigned(to: discovery.scans)
        let files = try discovery.scans.indices.map { (index) throws(BatchError) in
            try lookUp(discovery.scans[index], spacing: assigned.spacings[index])
        }
        // The same bytes have one spacing, whatever names they have: that of the first.
        var spacings: [ContentHash: [Double]] = [:]
        for case (let sha256?, let spacing?) in files.map({ ($0.sha256, $0.spacing) }) {
            spacings[sha256, default: []].append(spacing)
        }
        var scans: [PlannedScan] = []
        var known: [BatchPlan.KnownScan] = []
        for (number, file) in files.enumerated() {
            let planned = PlannedScan(
                number: number, scan: file.scan, patients: assigned.patients[number],
                spacing: file.sha256.flatMap { spacings[$0]?.first } ?? file.spacing, size: file.scan.stamp.size)
            if let sha256 = file.sha256, let reason = try nothingToDo(sha256, planned.spacing) {
                known.append(.init(scan: planned, sha256: sha256, stamp: file.scan.stamp, reason: reason))
            } else {
                scans.append(planned)
            }
        }
        let givenUp = known.count { $0.reason == .givenUp }
        let warnings = [
            counted(
                givenUp, "scan is given up: it failed \(retries.failureLimit) times",
                "scans are given up: they failed \(retries.failureLimit) times"),
            PlannedScan.warning(scansOfSeveralSpacings: spacings.values.count { Set($0).count > 1 }),
        ]
        return BatchPlan(
            scans: scans, known: known,
            unreachable: discovery.unreachable.map { .init(input: $0, patient: assignment.patient(of: $0)) },
            warnings: warnings.compactMap(\.self), notices: try notices(of: discovery) + assigned.notices,
            walked: discovery.walked.map(\.root), leftOut: discovery.leftOut, pace: try pace())
    }

    /// A file with what is known of it without reading it.
    private struct KnownFile {
        let scan: DiscoveredScan
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

    private func lookUp(_ scan: DiscoveredScan, spacing: Double?) throws(BatchError) -> KnownFile {
        do throws(StoreError) {
            return KnownFile(scan: scan, sha256: try store?.cachedHash(scan.stamp), spacing: spacing)
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

    private func notices(of discovery: ScanDiscovery) throws(BatchError) -> [Notice] {
        let leftOut = discovery.leftOut
        let formats = leftOut.counts.compactMap { reason, count in
            if case .unread(let format) = reason { (reason, Notice.Kind.unreadFormat(format), count) } else { nil }
        }.sorted { $0.2 > $1.2 || $0.2 == $1.2 && "\($0.1)" < "\($1.1)" }
        let reasons: [(LeftOut.Reason, Notice.Kind, Int)] =
            [(LeftOut.Reason.link, Notice.Kind.unfollowedLink), (.unexamined, .unexaminedFile)]
            .map { ($0, $1, leftOut.counts[$0] ?? 0) } + formats
            + [(LeftOut.Reason.linkToWalkedFolder, Notice.Kind.linkToWalkedFolder), (.ignored, .ignored)]
            .map { ($0, $1, leftOut.counts[$0] ?? 0) }
        let files = discovery.walked.reduce(0) { $0 + $1.fileCount }
        let isNothingFound = discovery.scans.isEmpty && discovery.unreachable.isEmpty
        return [Notice(.unreachable, discovery.unreachable.map(\.mark))].compactMap(\.self)
            + reasons.compactMap { Notice($1, count: $2, leftOut.marks($0)) }
            + [
                Notice(.nothingFound, count: isNothingFound ? files : 0, []),
                Notice(.emptiedFolder, try emptiedFolders(discovery)),
            ].compactMap(\.self)
    }

    /// Folders without any scan of which the database knows scans.
    private func emptiedFolders(_ discovery: ScanDiscovery) throws(BatchError) -> [String] {
        guard let store else { return [] }
        var marks: [String] = []
        do throws(StoreError) {
            for folder in discovery.walked where folder.scanCount == 0 {
                if try store.knowsScans(in: folder.root) { marks.append(folder.mark) }
            }
            return marks
        } catch {
            throw BatchError(error)
        }
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
