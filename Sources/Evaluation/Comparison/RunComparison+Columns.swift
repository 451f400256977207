import Findings
import Listings

extension RunComparison.Row: ListingRow {
    /// A contract. New columns go at the end. The box is the later finding's, or the earlier's where it was lost.
    public static let columns: [ListingColumn<RunComparison.Row>] = [
        ListingColumn("change") { .text($0.name) },
        ListingColumn("patient_id") { .text($0.patient) },
        ListingColumn("scan") { .text($0.scan) },
        ListingColumn("scan_sha256", for: .programs) { .text($0.scanSHA256.hexadecimal) },
        ListingColumn("kind") { .text($0.finding?.kind.rawValue) },
        ListingColumn("before") { .text($0.labels.before) },
        ListingColumn("after") { .text($0.labels.after) },
        ListingColumn("confidence_before") { .number($0.findingChange?.before?.confidence) },
        ListingColumn("confidence_after") { .number($0.findingChange?.after?.confidence) },
        ListingColumn("overlap") { .number($0.findingChange?.overlap) },
        ListingColumn("x") { .integer($0.finding.map { Int64($0.box.x) }) },
        ListingColumn("y") { .integer($0.finding.map { Int64($0.box.y) }) },
        ListingColumn("width") { .integer($0.finding.map { Int64($0.box.width) }) },
        ListingColumn("height") { .integer($0.finding.map { Int64($0.box.height) }) },
    ]

    private var findingChange: FindingChange? {
        if case .finding(let change) = change { change } else { nil }
    }

    private var finding: Finding? { findingChange?.after ?? findingChange?.before }

    private var name: String {
        switch change {
        case .finding(let change): change.kind.rawValue
        case .outcome: "outcome"
        }
    }

    private var labels: (before: String?, after: String?) {
        switch change {
        case .finding(let change): (change.before?.label, change.after?.label)
        case .outcome(let before, let after): (before.rawValue, after.rawValue)
        }
    }
}

extension RunComparison {
    /// The counts, for programs.
    public var summary: JSONValue {
        .object(
            [
                JSONValue.Member("compared_scans", .integer(comparedScans)),
                JSONValue.Member("unchanged_scans", .integer(unchangedScans)),
                JSONValue.Member("scans_only_before", .integer(onlyBefore)),
                JSONValue.Member("scans_only_after", .integer(onlyAfter)),
                JSONValue.Member("unchanged_findings", .integer(unchangedFindings)),
            ] + FindingChange.Kind.allCases.map { JSONValue.Member($0.rawValue, .integer(count($0))) })
    }

    /// The counts, as sentences for people.
    public var text: String {
        let kinds = FindingChange.Kind.allCases.map { "\(count($0)) \($0.rawValue)" }.joined(separator: ", ")
        var lines = [
            "\(comparedScans.counting("scan")) compared: \(unchangedScans) the same, \(comparedScans - unchangedScans) not",
            "findings: \(unchangedFindings) the same where scans were analysed anew, \(kinds)",
        ]
        if onlyBefore + onlyAfter > 0 {
            lines.append("not compared: \(onlyBefore.counting("scan")) only before, \(onlyAfter) only after")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
