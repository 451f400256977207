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
    public private(set) var onlyBefore = 0
    public private(set) var onlyAfter = 0

    private let minimumShift: Double

    private struct Key: Hashable {
        let patient: String
        let scan: ContentHash
    }

    /// Holds what counted of each patient's scans after one run against what did after another.
    ///
    /// - Parameters:
    ///   - minimumShift: a confidence that differs by less is the same.
    ///   - findings: answers with an analysis' findings and their exact pixels.
    /// - Throws: `unusableFinding` for a geometry that cannot be read, and what `findings` throws.
    public init(
        before: [StandingAnalysis], after: [StandingAnalysis], minimumShift: Double,
        findings: (_ analysis: Int64) throws -> [Finding]
    ) throws {
        self.minimumShift = minimumShift
        let later = Dictionary(
            after.map { (Key(patient: $0.patient, scan: $0.scanSHA256), $0) }, uniquingKeysWith: { first, _ in first })
        for analysis in before {
            guard let other = later[Key(patient: analysis.patient, scan: analysis.scanSHA256)] else {
                onlyBefore += 1
                continue
            }
            comparedScans += 1
            if other.analysisID == analysis.analysisID {
                unchangedScans += 1
            } else {
                try compare(
                    analysis, try findings(analysis.analysisID), with: other, try findings(other.analysisID))
            }
        }
        onlyAfter = later.count - comparedScans
    }

    private mutating func compare(
        _ before: StandingAnalysis, _ earlier: [Finding], with after: StandingAnalysis, _ later: [Finding]
    ) throws(EvaluationError) {
        let comparison = try AnalysisComparison(before: earlier, after: later, minimumShift: minimumShift)
        var changes = comparison.changes.map { Change.finding($0) }
        if before.status != after.status {
            changes.insert(.outcome(before: before.status, after: after.status), at: 0)
        }
        if changes.isEmpty { unchangedScans += 1 }
        unchangedFindings += comparison.unchanged
        rows += changes.map {
            Row(patient: before.patient, scan: before.path, scanSHA256: before.scanSHA256, change: $0)
        }
    }

    /// How many findings changed so.
    public func count(_ kind: FindingChange.Kind) -> Int {
        rows.count { row in
            if case .finding(let change) = row.change { change.kind == kind } else { false }
        }
    }
}
