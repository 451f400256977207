import Findings
import Listings

/// What is to be looked at, scan by scan.
extension NightPage {
    /// Rows of a list that is to be read by a person.
    private static let mostRows = 200

    private func link(_ scan: ScanLine) -> Markup { "<a href=\"\(scan.link)\">\(scan.scan)</a>" }

    private func list(_ lines: [[Markup]], caption: String, _ columns: [Table.Column]) -> Markup {
        let left = lines.count - Self.mostRows
        let rest: Markup =
            left > 0 ? "<p class=\"faint\">\(left.of("row")) more: see the patients' pages.</p>\n" : .empty
        return Table(caption: caption, columns: columns, rows: Array(lines.prefix(Self.mostRows))).markup + rest
    }

    var leftOut: Markup {
        guard !notices.isEmpty else { return .empty }
        return """
            <h2 id="left-out">Left out, or to be known</h2>
            <ul>\(notices.map { "<li>\($0)</li>" as Markup })</ul>

            """
    }

    var failures: Markup {
        guard !failed.isEmpty else { return .empty }
        let kinds = Dictionary(grouping: failed) { $0.failure?.code }
            .sorted { ($0.value.count, $1.key?.rawValue ?? "") > ($1.value.count, $0.key?.rawValue ?? "") }
        let kindRows = kinds.compactMap { code, scans -> [Markup]? in
            code.map { ["\(Words.failure($0))", "<code>\($0.rawValue)</code>", "\(scans.count.grouped)"] }
        }
        let rows = failed.compactMap { scan -> [Markup]? in
            scan.failure.map { failure in
                ["\(scan.patient)", link(scan), "\(Words.failure(failure.code))", "\(failure.description)"]
            }
        }
        return "<h2 id=\"failures\">Failures</h2>\n"
            + Table(
                caption: "By kind",
                columns: [
                    Table.Column(title: "What happened"), Table.Column(title: "Code"),
                    Table.Column(title: "Scans", isNumber: true),
                ], rows: kindRows
            ).markup
            + list(
                rows, caption: "Every scan that failed",
                ["Patient", "Scan", "What happened", "Message"].map { Table.Column(title: $0) })
    }

    var withoutResult: Markup {
        let rows = (rejected + withoutTissue).map { scan -> [Markup] in
            let state: Markup =
                scan.status == AnalysisResult.Status.rejected.rawValue
                ? "<span class=\"state bad\">✖ rejected</span>" : "<span class=\"state warn\">▲ no tissue</span>"
            return ["\(scan.patient)", link(scan), state, "\(scan.remarks.joined(separator: "; "))"]
        }
        guard !rows.isEmpty else { return .empty }
        return "<h2 id=\"without-result\">Rejected, or without tissue</h2>\n"
            + list(
                rows, caption: "Nothing was graded in these scans: that is no negative result",
                ["Patient", "Scan", "State", "Why"].map { Table.Column(title: $0) })
    }

    var outliers: Markup {
        let rows = outlying.map { scan, measures -> [Markup] in
            let sentences = measures.map { measure -> Markup in
                let (here, usual) = (scan.quality[measure]?.brief ?? "", spreads[measure]?.median.brief ?? "")
                return "\(MeasureName.words(measure)): \(here), usually \(usual)"
            }
            return ["\(scan.patient)", link(scan), sentences.joined(by: "<br />")]
        }
        guard !rows.isEmpty else { return .empty }
        return "<h2 id=\"outliers\">Outlying quality</h2>\n"
            + list(
                rows,
                caption: "Further from the median of the last \(History.weeks) weeks than the others' scatter explains",
                ["Patient", "Scan", "Measures"].map { Table.Column(title: $0) })
    }

    var remarks: Markup {
        var counts: [String: Int] = [:]
        for scan in scans {
            for kind in Set(scan.remarks.map { $0.replacing(/[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?/, with: "N") }) {
                counts[kind, default: 0] += 1
            }
        }
        guard !counts.isEmpty else { return .empty }
        let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind, count -> [Markup] in
            ["\(count.grouped)", "\(kind)"]
        }
        return "<h2 id=\"remarks\">What to know of the results</h2>\n"
            + list(
                rows, caption: "Remarks by kind; N stands for numbers",
                [Table.Column(title: "Scans", isNumber: true), Table.Column(title: "Remark")])
    }
}
