import FindingStore
import Findings

/// A plan that is being made, scan by scan.
struct PlanDraft {
    private(set) var scans: [PlannedScan] = []
    private(set) var known = KnownScans()
    /// Rows of the store that are not to be believed.
    private(set) var forgedStamps = 0

    private let retries: RetryPolicy
    private let namesKnown: Bool
    private let labels: LabelAssignment?
    /// By hash, what does not fit in what labels say.
    private var labelProblems: [Notice.Kind: [String]] = [:]
    /// That the manifest gives, in micrometres per pixel.
    private var spacings: [ContentHash: [Double]] = [:]
    /// Of the scans that are known; nil for one that is looked at everywhere.
    private var outlines: [ContentHash: [RegionsOfInterest?]] = [:]

    /// - Parameters:
    ///   - namesKnown: whether the plan is to be listed.
    ///   - labels: nil where labels are not read.
    init(retries: RetryPolicy, namesKnown: Bool, labels: LabelAssignment?) {
        self.labels = labels
        self.retries = retries
        self.namesKnown = namesKnown
    }

    var labelNotices: [Notice] { Notice.ofLabels(labelProblems) }

    var scansOfSeveralSpacings: Int { spacings.values.count { Set($0).count > 1 } }

    var scansOfSeveralOutlines: Int { outlines.values.count { Set($0).count > 1 } }

    /// The same bytes have one spacing, whatever names they have: that of the first. A stamp that is not to be believed is
    /// counted when its scan is added.
    mutating func settleSpacings(of scans: [DiscoveredScan], _ given: [Double?], _ files: KnownFiles?) {
        for case (let scan, let spacing?) in zip(scans, given) {
            guard let file = try? files?.file(with: scan.stamp) else { continue }
            spacings[file.sha256, default: []].append(spacing)
        }
    }

    /// Likewise with outlines.
    mutating func settleOutlines(
        of scans: [DiscoveredScan], _ given: [RegionsOfInterest?], _ files: KnownFiles?
    ) {
        for (scan, own) in zip(scans, given) {
            guard let file = try? files?.file(with: scan.stamp) else { continue }
            outlines[file.sha256, default: []].append(own)
        }
    }

    /// - Parameters:
    ///   - spacing: that the manifest gives for this scan.
    ///   - outlines: that it is to be looked at within; nil for everywhere.
    ///   - files: nil where there is no store so far.
    mutating func add(
        _ scan: DiscoveredScan, _ patients: [Patient], spacing: Double?, outlines: RegionsOfInterest?,
        _ files: KnownFiles?
    ) throws {
        let file = try lookUp(scan, spacing, outlines, files)
        let codes = try labels == nil ? nil : file.flatMap { try files?.labelCodes(of: $0.sha256) }
        let patients = told(patients, codes, file)
        let planned = PlannedScan(
            number: scans.count + known.count, scan: scan, patients: patients,
            spacing: file.flatMap { spacings[$0.sha256]?.first } ?? spacing, size: scan.stamp.size,
            outlines: file.flatMap { self.outlines[$0.sha256]?[0] } ?? outlines,
            needsLabel: labels != nil && codes == nil)
        guard !planned.needsLabel, let file, let files, let reason = try nothingToDo(file, planned, files) else {
            scans.append(planned)
            return
        }
        let rows =
            namesKnown
            ? nil : try files.sightings(of: file, folder: scan.root.text, path: scan.path.text, patients: patients)
        known.append(
            KnownScan(scan: planned, file: HashedFile(sha256: file.sha256, stamp: scan.stamp), reason: reason),
            rows: rows)
    }

    /// Whose the scan is by its label, where one was read, and else as planned.
    private mutating func told(
        _ patients: [Patient], _ codes: [String]?, _ file: KnownFiles.KnownFile?
    ) -> [Patient] {
        guard let labels, let codes, let file else { return patients }
        let (told, problem) = labels.patients(codes: codes, planned: patients)
        if let problem { labelProblems[problem, default: []].append(file.sha256.prefix) }
        return told
    }

    /// Nil for a file that is new or has changed.
    private mutating func lookUp(
        _ scan: DiscoveredScan, _ spacing: Double?, _ own: RegionsOfInterest?, _ files: KnownFiles?
    ) throws -> KnownFiles.KnownFile? {
        do {
            let file = try files?.file(with: scan.stamp, spacing: spacing, outlines: own?.sha256)
            guard let file else { return nil }
            let settled = (
                spacing: spacings[file.sha256]?.first ?? spacing, outlines: outlines[file.sha256]?[0] ?? own
            )
            guard settled.spacing != spacing || settled.outlines != own else { return file }
            return try files?.file(
                with: scan.stamp, spacing: settled.spacing, outlines: settled.outlines?.sha256)
        } catch is KnownFiles.ForgedStamp {
            forgedStamps += 1
            return nil
        }
    }

    /// Why an unchanged file is left alone; nil for one that is to be opened.
    private func nothingToDo(
        _ file: KnownFiles.KnownFile, _ scan: PlannedScan, _ files: KnownFiles
    ) throws -> KnownScan.Reason? {
        if file.isDone { return .done }
        return
            switch try files.standing(
                of: file.sha256, spacing: scan.spacing, outlines: scan.outlines?.sha256)
        {
        case .done: .done
        case .failed(let failures, let isAccepted) where retries.givesUp(after: failures):
            isAccepted ? .accepted : .givenUp
        case .new, .failed: nil
        }
    }
}
