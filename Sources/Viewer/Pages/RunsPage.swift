import FindingStore
import Findings
import Listings
import Reporting

/// The runs, and one of them with what it analysed.
enum RunsPage {
    static func all(_ store: FindingStore) throws -> Markup {
        let runs = try store.runs()
        return ViewerPage.markup(
            "Runs", in: .runs,
            """
            <h1>Runs</h1>
            \(table(runs.reversed().prefix(ViewerPage.mostRows)))\(ViewerPage.rest(runs.count, of: "run", .empty))
            """)
    }

    /// - Returns: nil where there is no such run.
    static func one(_ number: Int64, _ store: FindingStore) throws -> Markup? {
        guard let run = try store.runs().first(where: { $0.id == number }) else { return nil }
        let notices = try store.notices(ofRun: number).map { "<li>\($0)</li>" as Markup }
        let rows = try store.analyses(FindingFilter(run: number))
        return ViewerPage.markup(
            "Run \(number)", in: .runs,
            """
            <h1>Run \(number) of \(run.pipeline)</h1>
            \(table([run]))
            \(notices.isEmpty ? .empty : "<ul>\(notices)</ul>" as Markup)
            <h2>Scans</h2>
            \(try AnalysisTable(rows, store).markup("Scans that the run analysed"))
            """)
    }

    static func table(_ runs: some Sequence<RunSummary>) -> Markup {
        Table(
            caption: "The newest first; times are UTC",
            columns: [
                Table.Column(title: "Run", isNumber: true), Table.Column(title: "Began"), Table.Column(title: "It"),
                Table.Column(title: "Found", isNumber: true), Table.Column(title: "Done", isNumber: true),
                Table.Column(title: "Known before", isNumber: true), Table.Column(title: "Failed", isNumber: true),
                Table.Column(title: "Left", isNumber: true), Table.Column(title: "Pipeline"),
            ],
            rows: runs.map { run in
                let counts = run.end?.counts
                func count(_ number: Int?) -> Markup { number.map { "\($0.grouped)" } ?? "–" }
                return [
                    "<a href=\"/run/\(run.id)\">\(run.id)</a>", "\(Timestamp(run.run.startedAt).minute)",
                    "\(Words.ending(run.end?.ending))", count(counts?.found), count(counts?.done),
                    count(counts?.skipped),
                    counts.map { $0.failed > 0 ? "<span class=\"state bad\">✖ \($0.failed.grouped)</span>" : "0" }
                        ?? "–",
                    count(counts?.left), "\(run.pipeline)",
                ]
            }
        ).markup
    }
}
