import FindingStore
import Findings

/// Makes a plan of what was found: whom each scan is of, and which are done already.
public struct BatchPlanner {
    private let assignment: PatientAssignment
    private let store: FindingStore?
    private let pipeline: ContentHash
    private let retries: RetryPolicy
    private let labels: LabelAssignment?

    /// - Parameters:
    ///   - store: nil where there is no database so far.
    ///   - pipeline: the fingerprint.
    ///   - labels: finds a patient in what a label's code says; nil where labels are not read.
    public init(
        assignment: PatientAssignment, store: FindingStore?, pipeline: ContentHash, retries: RetryPolicy = .standard,
        labels: PatientPattern? = nil
    ) {
        self.labels = labels.map { LabelAssignment(pattern: $0) }
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
        let notices = try notices(of: discovery) + assigned.notices
        do {
            guard let store else { return try plan(discovery, assigned, notices, known: nil) }
            var night = try store.withKnownFiles(pipeline: pipeline) { known in
                try plan(discovery, assigned, notices, known: known)
            }
            night.pace = try store.pace(pipeline: pipeline)
            return night
        } catch let error as StoreError {
            throw BatchError(error)
        } catch {
            preconditionFailure("a store throws its own errors")
        }
    }

    private func plan(
        _ discovery: ScanDiscovery, _ assigned: PatientAssignment.Assigned, _ notices: [Notice],
        known files: KnownFiles?
    ) throws -> BatchPlan {
        var forgedStamps = 0
        let found = try discovery.scans.indices.map { index in
            try lookUp(discovery.scans[index], spacing: assigned.spacings[index], in: files, &forgedStamps)
        }
        // The same bytes have one spacing, whatever names they have: that of the first.
        var spacings: [ContentHash: [Double]] = [:]
        for case (let sha256?, let spacing?) in found.map({ ($0.sha256, $0.spacing) }) {
            spacings[sha256, default: []].append(spacing)
        }
        var scans: [PlannedScan] = []
        var known: [BatchPlan.KnownScan] = []
        var problems: [Notice.Kind: [String]] = [:]
        for (number, file) in found.enumerated() {
            var patients = assigned.patients[number]
            let codes = try labels.flatMap { _ in try file.sha256.flatMap { try files?.labelCodes(of: $0) } }
            if let labels, let codes, let sha256 = file.sha256 {
                let (told, problem) = labels.patients(codes: codes, planned: patients)
                patients = told
                if let problem { problems[problem, default: []].append(sha256.prefix) }
            }
            let planned = PlannedScan(
                number: number, scan: file.scan, patients: patients,
                spacing: file.sha256.flatMap { spacings[$0]?.first } ?? file.spacing, size: file.scan.stamp.size,
                needsLabel: labels != nil && codes == nil)
            if !planned.needsLabel, let sha256 = file.sha256,
                let reason = try nothingToDo(sha256, planned.spacing, files)
            {
                known.append(
                    .init(
                        scan: planned, file: HashedFile(sha256: sha256, stamp: file.scan.stamp), reason: reason))
            } else {
                scans.append(planned)
            }
        }
        let warnings = [
            counted(
                known.count { $0.reason == .givenUp },
                "scan is given up: it failed night after night (--retry-failed, or --accept-failed to hear no more of it)",
                "scans are given up: they failed night after night (--retry-failed, or --accept-failed to hear no more "
                    + "of them)"),
            PlannedScan.warning(scansOfSeveralSpacings: spacings.values.count { Set($0).count > 1 }),
            counted(
                forgedStamps, "file stamp was changed by another program, and is not believed: see `verify`",
                "file stamps were changed by another program, and are not believed: see `verify`"),
        ]
        return BatchPlan(
            scans: scans, known: known,
            unreachable: discovery.unreachable.map { .init(input: $0, patient: assignment.patient(of: $0)) },
            warnings: warnings.compactMap(\.self), notices: notices + Notice.ofLabels(problems),
            walked: discovery.walked.map(\.root),
            leftOut: discovery.leftOut, forgedStamps: forgedStamps)
    }

    /// A file with what is known of it without reading it: no hash for one that is new or has changed; the spacing is
    /// the manifest's.
    private typealias FoundFile = (scan: DiscoveredScan, sha256: ContentHash?, spacing: Double?)

    private func lookUp(
        _ scan: DiscoveredScan, spacing: Double?, in files: KnownFiles?, _ forgedStamps: inout Int
    ) throws -> FoundFile {
        var sha256: ContentHash?
        do {
            sha256 = try files?.hash(of: scan.stamp)
        } catch is KnownFiles.ForgedStamp {
            forgedStamps += 1
        }
        return (scan, sha256, spacing)
    }

    /// Why an unchanged file is left alone; nil for one that is to be opened.
    private func nothingToDo(
        _ sha256: ContentHash, _ spacing: Double?, _ files: KnownFiles?
    ) throws -> BatchPlan.KnownScan.Reason? {
        switch try files?.standing(of: sha256, spacing: spacing) {
        case .done: .done
        case .failed(let failures, let isAccepted) where retries.givesUp(after: failures):
            isAccepted ? .accepted : .givenUp
        case .new, .failed, nil: nil
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
