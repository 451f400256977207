import Findings

/// What a detection stage counted in a scan.
package struct ObjectCounts {
    let stage: String
    /// The most frequent first.
    private let counts: [(label: String, count: Int)]

    private static let prefix = "count "

    /// Nil where the finding has no counts.
    package init?(_ finding: Finding) {
        stage = finding.label
        counts = finding.measurements.filter { $0.key.hasPrefix(Self.prefix) }
            .compactMap { name, value in
                Int(exactly: value).map { (label: String(name.dropFirst(Self.prefix.count)), count: $0) }
            }
            .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
        if counts.isEmpty { return nil }
    }

    /// Such as `21 RBC, 3 Platelets, 1 WBC`.
    package var words: String { counts.map { "\($0.count) \($0.label)" }.joined(separator: ", ") }
}
