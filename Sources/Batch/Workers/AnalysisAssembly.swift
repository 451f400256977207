import Findings

/// What a worker answered about one scan.
struct AnalysedScan: Sendable {
    /// Nil where the scan was not opened, or not read to its end.
    let opened: OpenedFile?
    let image: Scan.Image?
    let outcome: AnalysisOutcome
    /// How many workers it took.
    let attempts: Int
}

/// Puts an analysis together from the messages of a worker, which may have been taken over by the scan it read: what
/// no analysis can say is refused.
struct AnalysisAssembly {
    /// The most geometry that one analysis may have, in bytes.
    static let geometryLimit = 512 << 20

    private var findings: [Finding] = []
    private var geometryBytes = 0

    mutating func add(_ chunk: [Finding]) throws(WorkerFailure) {
        for finding in chunk {
            guard finding.ordinal == findings.count else { throw .broke("findings came out of order") }
            guard (0...1).contains(finding.confidence), (0...1).contains(finding.rawConfidence) else {
                throw .broke("a finding's confidence is no probability")
            }
            geometryBytes += finding.geometry?.count ?? 0
            guard geometryBytes <= AnalysisAssembly.geometryLimit else {
                throw .broke("the findings' geometry is larger than \(AnalysisAssembly.geometryLimit >> 20) MiB")
            }
            findings.append(finding)
        }
    }

    mutating func finished(by end: AnalysisEnd) throws(WorkerFailure) -> AnalysisOutcome {
        guard case .done(let result) = end.outcome else { return end.outcome }
        try add(result.findings)
        guard end.findingCount == findings.count else {
            throw .broke("\(findings.count) findings came, \(end.findingCount) were announced")
        }
        guard result.status == .findings || findings.isEmpty else {
            throw .broke("findings came with a result that has none")
        }
        return .done(result.with(findings))
    }
}
