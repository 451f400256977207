import FindingStore
import Findings
import Listings
import Reporting

/// Findings of all patients by label and confidence.
struct FindingsPage {
    private let search: FindingSearch
    private let percent: ClosedRange<Int>

    /// - Parameter query: of the address: `label`, `kind`, `from` and `to` in percent, `order`, `rows`. What makes no sense is left out.
    init(_ query: [String: String]) {
        let from = query["from"].flatMap { Int($0) }.map { min(100, max(0, $0)) } ?? 0
        let to = query["to"].flatMap { Int($0) }.map { min(100, max(0, $0)) } ?? 100
        percent = min(from, to)...max(from, to)
        search = FindingSearch(
            label: query["label"].flatMap { $0.isEmpty ? nil : $0 },
            kind: query["kind"].flatMap { Finding.Kind(rawValue: $0) },
            confidence: Double(percent.lowerBound) / 100...Double(percent.upperBound) / 100,
            order: query["order"].flatMap { FindingSearch.Order(rawValue: $0) } ?? .leastCertain,
            isByScan: query["rows"] == "scan",
            limit: ViewerPage.mostRows)
    }

    func markup(_ store: FindingStore, _ census: LabelCensus) throws -> Markup {
        let labels = try census.labels(in: store)
        let hits = try store.hits(search)
        let rows = hits.map { hit -> [Markup] in
            [
                "<a href=\"/scan/\(hit.analysis)\(hit.image > 0 ? "/image/\(hit.image)" : "")#\(hit.ordinal)\">\(hit.scan)</a>",
                "\(hit.label)", "\(hit.kind.rawValue)", ShareBar.markup(hit.confidence), "\(hit.patient)",
            ] + (search.isByScan ? ["\(hit.count.grouped)"] : [])
        }
        let what = hits.count.of(search.isByScan ? "scan" : "finding")
        let table = Table(
            caption: hits.count < search.limit ? what : "The first \(what)",
            columns: (["Scan", "Label", "Kind", "Confidence", "Patient"]
                + (search.isByScan ? ["Findings like that"] : []))
                .map { Table.Column(title: $0) }, rows: rows)
        return ViewerPage.markup(
            "Findings", in: .findings,
            """
            <h1>Findings</h1>
            <form action="/findings" class="search" role="search">
            \(Self.select("label", "Label", [("", "any")] + labels.map { ($0.label, "\($0.label) (\($0.count.grouped))") }, search.label ?? ""))
            \(Self.select("kind", "Kind", [("", "any")] + Finding.Kind.allCases.map { ($0.rawValue, $0.rawValue) }, search.kind?.rawValue ?? ""))
            <label for="from">Confidence from, %</label>
            <input id="from" name="from" type="number" min="0" max="100" value="\(percent.lowerBound)" />
            <label for="to">to, %</label>
            <input id="to" name="to" type="number" min="0" max="100" value="\(percent.upperBound)" />
            \(Self.select("order", "First", [("least", "the least certain"), ("most", "the most certain")], search.order.rawValue))
            \(Self.select("rows", "List", [("finding", "each finding"), ("scan", "each scan once")], search.isByScan ? "scan" : "finding"))
            <button type="submit">Search</button>
            </form>
            \(hits.isEmpty ? "<p>No finding is like that.</p>" : table.markup)
            """)
    }

    static func select(_ id: String, _ title: String, _ options: [(value: String, text: String)], _ chosen: String)
        -> Markup
    {
        let items = options.map { option -> Markup in
            option.value == chosen
                ? "<option value=\"\(option.value)\" selected=\"selected\">\(option.text)</option>"
                : "<option value=\"\(option.value)\">\(option.text)</option>"
        }
        return "<label for=\"\(id)\">\(title)</label>\n<select id=\"\(id)\" name=\"\(id)\">\(items)</select>"
    }
}
