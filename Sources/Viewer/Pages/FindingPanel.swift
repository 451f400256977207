import FindingStore
import Findings
import Listings
import Reporting

/// What the viewer says of the chosen finding, beside the slide.
struct FindingPanel {
    let id: FindingID
    private let finding: Finding
    private let origin: AnalysisOrigin
    private let reviews: [Review]
    private let labels: [String]

    /// - Returns: nil where there is no such finding.
    init?(_ ordinal: Int, ofAnalysis analysis: Int64, in store: FindingStore) throws {
        guard let row = try store.analyses(FindingFilter(analysis: analysis)).first, let scan = row.scanSHA256,
            let finding = try store.finding(ordinal, ofAnalysis: analysis)
        else { return nil }
        self.finding = finding
        origin = row.origin
        let id = FindingID(scan: scan, pipeline: row.origin.pipelineSHA256, ordinal: ordinal)
        self.id = id
        // What was said earlier was said of what another analysis found.
        let said = try ReviewFile.ifPresent(besides: store.path)?.reviews(of: id) ?? []
        reviews = said.filter { $0.at >= row.origin.analysedAt }
        let classes = finding.probabilities.map(\.label)
        labels = classes.isEmpty ? try store.labels(ofAnalysis: analysis) : classes
    }

    var markup: Markup {
        let appearance = LabelAppearance(of: finding)
        return """
            <h2 class="finding">\(appearance.swatch)\(finding.label)</h2>
            <p>\(ShareBar.markup(finding.confidence, colour: appearance.colour)) confidence · \(finding.kind.rawValue)</p>
            \(probabilities)
            <details><summary>Measurements and provenance</summary>
            <dl class="facts">\(facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as Markup })</dl>
            </details>
            \(ReviewForm(finding: finding, reviews: reviews, labels: labels).markup)
            """
    }

    private var probabilities: Markup {
        guard finding.probabilities.count > 1 else { return .empty }
        let rows = finding.probabilities.enumerated().map { index, entry -> [Markup] in
            let appearance = LabelAppearance(entry.label, index: index)
            return [
                appearance.swatch + "\(entry.label)", ShareBar.markup(entry.probability, colour: appearance.colour),
            ]
        }
        return Table(
            caption: "Calibrated probability of each class",
            columns: [Table.Column(title: "Class"), Table.Column(title: "Probability")], rows: rows
        ).markup
    }

    private var facts: [(String, String)] {
        var facts = [
            ("Finding", id.hexadecimal), ("Before calibration", finding.rawConfidence.percent),
            ("Place", "\(finding.box.x.grouped), \(finding.box.y.grouped) px"),
            ("Size", "\(finding.box.width.grouped) × \(finding.box.height.grouped) px"),
        ]
        if let area = finding.areaPixels { facts.append(("Area", "\(area.grouped) px")) }
        if let area = finding.areaSquareMicrometres { facts.append(("Area", "\(area.brief) µm²")) }
        for (name, value) in finding.measurements.sorted(by: { $0.key < $1.key }) { facts.append((name, value.brief)) }
        if let spacing = origin.spacing { facts.append(("Spacing", Words.spacing(spacing.source))) }
        facts.append(("Pipeline", "\(origin.pipeline) \(origin.pipelineSHA256.prefix)"))
        for model in origin.models {
            facts.append(("Model (\(model.role.rawValue))", "\(model.name) \(model.sha256.prefix)"))
        }
        facts.append(("Analysed", "\(origin.analysedAt.minute), run \(origin.runID)"))
        return facts
    }
}
