import FindingStore
import Findings
import Listings
import Reporting

/// Scans as they were analysed, a line each, with the way to look at them.
struct AnalysisTable {
    private let rows: [AnalysisRow]
    private let numbers: [String: Int64]
    private let grades: [Int64: [Finding]]
    /// Of which only the first are shown.
    private let count: Int

    init(_ all: [AnalysisRow], _ store: FindingStore) throws {
        count = all.count
        rows = Array(all.prefix(ViewerPage.mostRows))
        var numbers: [String: Int64] = [:]
        var grades: [Int64: [Finding]] = [:]
        for row in rows {
            if numbers[row.patient] == nil { numbers[row.patient] = try store.number(ofPatient: row.patient) }
            grades[row.origin.analysisID] = try store.scanFindings(ofAnalysis: row.origin.analysisID)
        }
        self.numbers = numbers
        self.grades = grades
    }

    func markup(_ caption: String, showsPatient: Bool = true) -> Markup {
        if rows.isEmpty { return "<p>There are none.</p>\n" }
        var columns = [
            Table.Column(title: "Scan"), Table.Column(title: "Result"), Table.Column(title: "Confidence"),
            Table.Column(title: "Findings", isNumber: true), Table.Column(title: "Analysed"),
            Table.Column(title: "Pipeline"),
        ]
        if showsPatient { columns.insert(Table.Column(title: "Patient"), at: 0) }
        return Table(caption: caption, columns: columns, rows: rows.map { line($0, showsPatient: showsPatient) }).markup
            + ViewerPage.rest(count, of: "scan", .empty)
    }

    private func line(_ row: AnalysisRow, showsPatient: Bool) -> [Markup] {
        let found = grades[row.origin.analysisID] ?? []
        let status = ScanStatus(row, ofScan: found)
        var findings = 0
        if case .done(_, let count, _, _) = row.outcome { findings = count }
        let cells: [Markup] = [
            "<a href=\"/scan/\(row.origin.analysisID)\">\(row.scan)</a>", status.brief,
            found.first { !$0.isCount }.map { ShareBar.markup($0.confidence) } ?? .empty, "\(findings.grouped)",
            "\(row.origin.analysedAt.minute)", "\(row.origin.pipeline)",
        ]
        guard showsPatient else { return cells }
        let number = numbers[row.patient] ?? 0
        return ["<a href=\"/patient/\(number)\">\(row.patient)</a>"] + cells
    }
}

extension ScanStatus {
    /// - Parameter findings: of the kind `scan`.
    init(_ row: AnalysisRow, ofScan findings: [Finding]) {
        var outlines = 0
        if case .done(_, let count, _, _) = row.outcome { outlines = count - findings.count }
        self.init(
            row: row, grades: findings.filter { !$0.isCount },
            counts: findings.filter(\.isCount).compactMap(ObjectCounts.init),
            outlines: outlines)
    }
}
