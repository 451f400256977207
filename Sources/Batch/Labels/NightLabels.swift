import Findings

/// What the labels that a run reads say, and whom its scans are of by that.
struct NightLabels {
    private let assignment: LabelAssignment?
    /// What is still to be recorded, by the scan's number.
    private var codes: [Int: [String]] = [:]
    /// By the scan's number, where its label was asked.
    private var patients: [Int: [Patient]] = [:]
    private var problems: [Notice.Kind: [String]] = [:]

    init(_ assignment: LabelAssignment?) {
        self.assignment = assignment
    }

    var notices: [Notice] { Notice.ofLabels(problems) }

    /// - Parameter read: nil where the label could not be read.
    mutating func hear(_ read: [String]?, of scan: PlannedScan, _ sha256: ContentHash) {
        guard let assignment, scan.needsLabel else { return }
        codes[scan.number] = read
        // Once, though a scan whose worker was lost is claimed again.
        guard patients[scan.number] == nil else { return }
        let (told, problem) = assignment.patients(codes: read, planned: scan.patients)
        patients[scan.number] = told
        if let problem { problems[problem, default: []].append(sha256.prefix) }
    }

    func patients(of scan: PlannedScan) -> [Patient] { patients[scan.number] ?? scan.patients }

    mutating func takeCodes(of scan: PlannedScan) -> [String]? { codes.removeValue(forKey: scan.number) }
}
