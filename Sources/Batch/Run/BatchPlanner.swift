import FindingStore
import Findings

/// Makes a plan of what was found: whom each scan is of, and which are done already.
public struct BatchPlanner {
    private let assignment: PatientAssignment
    private let store: FindingStore?
    private let pipeline: ContentHash
    private let retries: RetryPolicy
    private let namesKnown: Bool
    private let labels: LabelAssignment?
    private let outlines: OutlineFolder?
    private let shard: Shard?

    /// - Parameters:
    ///   - store: nil where there is no database so far.
    ///   - pipeline: the fingerprint.
    ///   - namesKnown: whether the plan is to be listed, with the scans that nothing is done with.
    ///   - labels: finds a patient in what a label's code says; nil where labels are not read.
    ///   - outlines: what to look at in the scans; nil for everything.
    ///   - shard: the part of the night that is planned; nil for all of it. Whose a scan is is told as in the whole night, and
    ///     what concerns the whole night is told by the first part alone.
    public init(
        assignment: PatientAssignment, store: FindingStore?, pipeline: ContentHash, retries: RetryPolicy = .standard,
        namesKnown: Bool = false, labels: PatientPattern? = nil, outlines: OutlineFolder? = nil, shard: Shard? = nil
    ) {
        self.outlines = outlines
        self.shard = shard
        self.labels = labels.map { LabelAssignment(pattern: $0) }
        self.assignment = assignment
        self.store = store
        self.pipeline = pipeline
        self.retries = retries
        self.namesKnown = namesKnown
    }

    /// Reads no scan: what is done is told by what the file system says of the files.
    ///
    /// - Throws: `store` where the store cannot be read.
    public func plan(_ discovery: ScanDiscovery) throws(BatchError) -> BatchPlan {
        var draft = PlanDraft(retries: retries, namesKnown: namesKnown, labels: labels)
        let report: ScanDiscovery.Report
        var notices: [Notice] = []
        var folders = NamesakeFolders()
        var loose = LooseScans()
        if assignment.needsAllScans || outlines != nil {
            var scans: [DiscoveredScan] = []
            report = discovery.walk { scans.append($0) }
            let assigned = try assignment.assigned(to: scans)
            for (scan, patients) in zip(scans, assigned.patients) {
                folders.add(scan, patients)
                loose.add(scan, patients)
            }
            let drawn = try outlines?.assigned(to: scans)
            notices = assigned.notices + (drawn?.notices ?? [])
            try ask { files in
                draft.settleSpacings(of: scans, assigned.spacings, files)
                if let drawn { draft.settleOutlines(of: scans, drawn.outlines, files) }
                for (number, scan) in scans.enumerated() where isPlanned(scan.path) {
                    try draft.add(
                        scan, assigned.patients[number], spacing: assigned.spacings[number],
                        outlines: drawn?.outlines[number], files)
                }
            }
        } else {
            report = try ask { files in
                try discovery.walk {
                    let patients = [assignment.unnamedPatient(of: $0)]
                    folders.add($0, patients)
                    loose.add($0, patients)
                    guard isPlanned($0.path) else { return }
                    try draft.add($0, patients, spacing: nil, outlines: nil, files)
                }
            }
        }
        // A label tells better, and where it does not, the scan is named for that.
        if labels == nil { notices += [folders.notice].compactMap(\.self) + loose.notices }
        return BatchPlan(
            scans: draft.scans, known: draft.known,
            unreachable: report.unreachable.filter { isPlanned($0.path) }.map {
                .init(input: $0, patient: assignment.patient(of: $0))
            },
            warnings: warnings(of: draft),
            notices: (isFirst ? try self.notices(of: report) + notices : []) + draft.labelNotices,
            walked: report.walked.map(\.root), leftOut: report.leftOut, forgedStamps: draft.forgedStamps,
            pace: try pace())
    }

    private func isPlanned(_ path: ScanPath) -> Bool { shard?.contains(path) ?? true }

    private var isFirst: Bool { shard.map { $0.number == 1 } ?? true }

    /// - Parameter body: throws what the store throws.
    private func ask<Answer>(_ body: (KnownFiles?) throws -> Answer) throws(BatchError) -> Answer {
        do {
            return try store?.withKnownFiles(pipeline: pipeline) { try body($0) } ?? body(nil)
        } catch let error as StoreError {
            throw BatchError(error)
        } catch {
            preconditionFailure("a store throws its own errors")
        }
    }

    private func pace() throws(BatchError) -> AnalysisPace? {
        do throws(StoreError) {
            return try store?.pace(pipeline: pipeline)
        } catch {
            throw BatchError(error)
        }
    }

    private func warnings(of draft: PlanDraft) -> [String] {
        [
            counted(
                draft.known.count(.givenUp),
                "scan is given up: it failed night after night (--retry-failed, or --accept-failed to hear no more of it)",
                "scans are given up: they failed night after night (--retry-failed, or --accept-failed to hear no more "
                    + "of them)"),
            PlannedScan.warning(scansOfSeveralSpacings: draft.scansOfSeveralSpacings),
            PlannedScan.warning(scansOfSeveralOutlines: draft.scansOfSeveralOutlines),
            counted(
                draft.forgedStamps, "file stamp was changed by another program, and is not believed: see `verify`",
                "file stamps were changed by another program, and are not believed: see `verify`"),
        ].compactMap(\.self)
    }

    private func notices(of report: ScanDiscovery.Report) throws(BatchError) -> [Notice] {
        let leftOut = report.leftOut
        let formats = leftOut.counts.compactMap { reason, count in
            if case .unread(let format) = reason { (reason, Notice.Kind.unreadFormat(format), count) } else { nil }
        }.sorted { $0.2 > $1.2 || $0.2 == $1.2 && "\($0.1)" < "\($1.1)" }
        let reasons: [(LeftOut.Reason, Notice.Kind, Int)] =
            [(LeftOut.Reason.link, Notice.Kind.unfollowedLink), (.unexamined, .unexaminedFile)]
            .map { ($0, $1, leftOut.counts[$0] ?? 0) } + formats
            + [(LeftOut.Reason.linkToWalkedFolder, Notice.Kind.linkToWalkedFolder), (.ignored, .ignored)]
            .map { ($0, $1, leftOut.counts[$0] ?? 0) }
        let files = report.walked.reduce(0) { $0 + $1.fileCount }
        let isNothingFound = report.scanCount == 0 && report.unreachable.isEmpty
        return [Notice(.unreachable, report.unreachable.map(\.mark))].compactMap(\.self)
            + reasons.compactMap { Notice($1, count: $2, leftOut.marks($0)) }
            + [
                Notice(.nothingFound, count: isNothingFound ? files : 0, []),
                Notice(.emptiedFolder, try emptiedFolders(report)),
            ].compactMap(\.self)
    }

    /// Folders without any scan of which the database knows scans.
    private func emptiedFolders(_ report: ScanDiscovery.Report) throws(BatchError) -> [String] {
        guard let store else { return [] }
        var marks: [String] = []
        do throws(StoreError) {
            for folder in report.walked where folder.scanCount == 0 {
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
