import Findings

/// What changed between what the database said after one run and after another.
public struct RunComparison: Sendable {
    /// One change, with whose scan it is of.
    public struct Row: Sendable, Hashable {
        public let patient: String
        public let scan: String
        public let scanSHA256: ContentHash
        public let change: Change
    }

    public enum Change: Sendable, Hashable {
        case finding(FindingChange)
        /// The analysis ended otherwise: with findings, without tissue, or rejected.
        case outcome(before: AnalysisResult.Status, after: AnalysisResult.Status)
    }

    public private(set) var rows: [Row] = []
    /// Scans that both have.
    public private(set) var comparedScans = 0
    /// Of those, without any change.
    public private(set) var unchangedScans = 0
    public private(set) var unchangedFindings = 0
    /// Scans that only one of the two has: there is nothing to hold against each other.
    public var onlyBefore = 0
    public var onlyAfter = 0

    private let minimumShift: Double

    /// - Parameter minimumShift: a confidence that differs by less is the same.
    public init(minimumShift: Double) {
        self.minimumShift = minimumShift
    }

    /// Adds a scan for which both runs had the same analysis.
    public mutating func addUnchanged() {
        comparedScans += 1
        unchangedScans += 1
    }

    /// Adds a scan that the two runs had different analyses of.
    ///
    /// - Throws: `unusableFinding` for a geometry that cannot be read.
    public mutating func add(
        patient: String, scan: String, scanSHA256: ContentHash,
        before: (status: AnalysisResult.Status, findings: [Finding]),
        after: (status: AnalysisResult.Status, findings: [Finding])
    ) throws(EvaluationError) {
        let comparison = try AnalysisComparison(
            before: before.findings, after: after.findings, minimumShift: minimumShift)
        var changes = comparison.changes.map { Change.finding($0) }
        if before.status != after.status {
            changes.insert(.outcome(before: before.status, after: after.status), at: 0)
        }
        comparedScans += 1
        if changes.isEmpty { unchangedScans += 1 }
        unchangedFindings += comparison.unchanged
        rows += changes.map { Row(patient: patient, scan: scan, scanSHA256: scanSHA256, change: $0) }
    }

    /// How many findings changed so.
    public func count(_ kind: FindingChange.Kind) -> Int {
        rows.count { row in
            if case .finding(let change) = row.change { change.kind == kind } else { false }
        }
    }
}
