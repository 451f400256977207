import FindingStore
import Findings
import Listings
import Reporting

/// Where the morning begins: how the last runs went, and the ways on.
struct OverviewPage {
    private let runs: [RunSummary]
    private let failures: Int
    private let notices: [String]

    init(_ store: FindingStore) throws {
        runs = try store.runs().suffix(5).reversed()
        failures = try FailuresPage.rows(store).count
        notices = try runs.first.map { try store.notices(ofRun: $0.id) } ?? []
    }

    var markup: Markup {
        let look: Markup =
            failures > 0
            ? """
            <div class="look bad"><p><strong>✖ \(failures.of("scan")) failed and \(failures == 1 ? "has" : "have") no result.</strong> \
            <a href="/failures">See which, and why</a></p></div>
            """
            : "<div class=\"look well\"><p><strong>✔ No scan failed.</strong></p></div>"
        let remarks: Markup =
            notices.isEmpty
            ? .empty : "<h2>What the last run said</h2>\n<ul>\(notices.map { "<li>\($0)</li>" as Markup })</ul>"
        return ViewerPage.markup(
            "Overview", in: .overview,
            """
            <h1>Overview</h1>
            \(look)
            <h2>Where to look first</h2>
            <ul class="ways">
            <li><a href="/findings?order=least">The least certain findings</a> of all current scans</li>
            <li><a href="/patients">A patient</a> and what was found</li>
            </ul>
            <h2>The last runs</h2>
            \(RunsPage.table(runs))
            \(remarks)
            """)
    }
}
