import Findings

/// How an analysis ended, as large as any finding: silence never reads as "negative".
package struct ScanStatus {
    let row: AnalysisRow
    /// Of its images.
    let grades: [Finding]
    let counts: [ObjectCounts]
    let outlines: Int

    package init(row: AnalysisRow, grades: [Finding], counts: [ObjectCounts], outlines: Int) {
        self.row = row
        self.grades = grades
        self.counts = counts
        self.outlines = outlines
    }

    /// In a few words, for tables.
    package var brief: Markup {
        switch row.outcome {
        case .failed(let failure): "<span class=\"state bad\">✖ failed: \(failure.code.rawValue)</span>"
        case .done(.rejected, _, _, _): "<span class=\"state bad\">✖ rejected</span>"
        case .done(.noTissue, _, _, _): "<span class=\"state warn\">▲ no tissue</span>"
        case .done(.findings, _, _, _):
            grades.isEmpty && counts.isEmpty
                ? "\(outlines.of("outline"))"
                : "\((grades.map(\.label) + counts.map(\.words)).joined(separator: ", "))"
        }
    }

    package var notice: Markup {
        let remarks = remarks
        switch row.outcome {
        case .failed(let failure):
            return """
                <div class="look bad"><p><strong>✖ FAILED. This scan was not analysed.</strong></p>
                <p>\(Words.failure(failure.code)) (\(failure.stage.rawValue): \(failure.code.rawValue)): \(failure.message)</p>\(remarks)</div>
                """
        case .done(.rejected, _, _, _):
            return """
                <div class="look bad"><p><strong>✖ REJECTED. Its quality is below the thresholds: nothing was graded.</strong></p>\(remarks)</div>
                """
        case .done(.noTissue, _, _, _):
            return """
                <div class="look warn"><p><strong>▲ NO TISSUE was seen: nothing was graded.</strong> This is no negative result.</p>\(remarks)</div>
                """
        case .done(.findings, _, _, _):
            let marked = outlines.of("outlined finding")
            let statements = grades.map { grade -> Markup in
                let image = grades.count > 1 && grade.image > 0 ? "image \(grade.image): " : ""
                return "\(image)<strong>\(grade.label)</strong>, confidence \(grade.confidence.percent)"
            }
            let counted = counts.map { count -> Markup in
                "<strong>\(count.words)</strong> (\(count.stage), of a confidence of 50 % or more)"
            }
            let statement: Markup =
                statements.isEmpty && counted.isEmpty
                ? "<strong>\(marked)</strong>; the pipeline grades no scans"
                : "\((statements + counted).joined(by: "; ")); \(marked)"
            return "<div class=\"look plain\"><p>\(statement)</p>\(remarks)</div>"
        }
    }

    private var remarks: Markup {
        var sentences: [String] = []
        if case .done(_, _, let remarks, _) = row.outcome { sentences = remarks }
        if row.isReplaced { sentences.append("the file has been replaced since") }
        return sentences.isEmpty ? .empty : "<ul>\(sentences.map { "<li>\($0)</li>" as Markup })</ul>"
    }
}
