import Findings

extension BatchSummary {
    /// Scans of tonight with a remark of one kind.
    public struct RemarkCount: Sendable, Hashable {
        /// The sentence, with `N` for its numbers, which differ from scan to scan.
        public let kind: String
        public var count: Int
    }

    /// Counts what an analysis says to know of its scan, in the order in which kinds are met.
    mutating func countRemarks(_ outcome: AnalysisOutcome) {
        guard case .done(let result) = outcome else { return }
        for kind in Set(result.remarks.map(Self.kind(ofRemark:))).sorted() {
            if let index = remarks.firstIndex(where: { $0.kind == kind }) {
                remarks[index].count += 1
            } else {
                remarks.append(RemarkCount(kind: kind, count: 1))
            }
        }
    }

    private static func kind(ofRemark remark: String) -> String {
        remark.replacing(/[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?/, with: "N")
    }
}
