import FindingStore
import Findings
import Listings
import Reporting

/// What failed, and nothing done since has put right.
enum FailuresPage {
    static func rows(_ store: FindingStore) throws -> [AnalysisRow] {
        var rows: [AnalysisRow] = []
        try store.forEachAnalysis { if $0.failure != nil { rows.append($0) } }
        return rows
    }

    static func markup(_ store: FindingStore) throws -> Markup {
        let rows = try rows(store)
        let lines = try rows.prefix(ViewerPage.mostRows).map { row -> [Markup] in
            let number = try store.number(ofPatient: row.patient) ?? 0
            let failure = row.failure
            return [
                "<a href=\"/patient/\(number)\">\(row.patient)</a>",
                "<a href=\"/scan/\(row.origin.analysisID)\">\(row.scan)</a>",
                failure.map { "<span class=\"state bad\">✖ \(Words.failure($0.code))</span>" } ?? .empty,
                "\(failure?.message ?? "")", "\(row.origin.analysedAt.minute)", "\(row.origin.pipeline)",
            ]
        }
        let table = Table(
            caption: "Scans without a result; none of them is negative",
            columns: ["Patient", "Scan", "What happened", "In detail", "When", "Pipeline"].map {
                Table.Column(title: $0)
            },
            rows: lines)
        return ViewerPage.markup(
            "Failures", in: .failures,
            """
            <h1>Failures</h1>
            \(rows.isEmpty ? "<p>Nothing has failed that was not put right since.</p>" : table.markup)
            \(ViewerPage.rest(rows.count, of: "failure", .empty))
            """)
    }
}
