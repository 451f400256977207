import Exports
import FindingStore
import Findings
import Imaging
import Listings

/// What a patient's page says of one analysis of one scan.
struct ScanSection {
    let number: Int
    let row: AnalysisRow
    let findings: [Finding]
    let heatMaps: [HeatMap]
    /// By the number of the image in its file: what it is drawn on.
    let canvases: [Int: ScanCanvas]
    let names: ReportNames
    /// Of all scans of the weeks before.
    let spreads: [String: Spread]
    let origin: Provenance

    /// Rows of the table and numbers on the picture; a page of 36,000 is no page.
    private static let mostRows = 100
    private static let mostNumbers = 60
    private static let mostOutlines = 2_000

    /// Of each image that was graded, by each stage that grades.
    var grades: [Finding] { findings.filter { $0.kind == .scan && !$0.isCount } }

    /// How it ended, in words.
    var status: ScanStatus {
        ScanStatus(
            row: row, grades: grades, counts: findings.filter(\.isCount).compactMap(ObjectCounts.init),
            outlines: outlined.count)
    }

    private var images: [Int] { Set([0] + findings.map(\.image) + heatMaps.map(\.image)).sorted() }

    /// The largest first.
    private var outlined: [Finding] {
        findings.filter { $0.kind != .scan && $0.kind != .tile }
            .sorted { ($0.areaPixels ?? 0, $1.ordinal) > ($1.areaPixels ?? 0, $0.ordinal) }
    }

    func markup() throws -> Markup {
        let outlined = outlined
        let pictures = try pictures(outlined)
        return """
            <section class="scan" id="scan-\(number)">
            <h2>\(number). \(names.path(row.scan))</h2>
            \(status.notice)
            \(pictures)\(table(of: outlined))
            \(quality)
            <h3>Provenance</h3>
            \(origin.markup(of: row, names))
            </section>

            """
    }

    private func pictures(_ outlined: [Finding]) throws -> Markup {
        let images = images
        return try images.map { image -> Markup in
            let heading: Markup = images.count > 1 ? "<h3>Image \(image)</h3>\n" : .empty
            guard let canvas = canvases[image] else {
                return heading + "<p class=\"faint\">No picture of it was kept, and its size is not known.</p>\n"
            }
            return heading + (try figures(of: image, on: canvas, outlined))
        }.joined()
    }

    private func figures(of image: Int, on canvas: ScanCanvas, _ outlined: [Finding]) throws -> Markup {
        var drawing = OutlineDrawing(on: canvas)
        let scan = row.scanSHA256 ?? row.origin.pipelineSHA256
        for (index, finding) in outlined.prefix(Self.mostOutlines).enumerated() where finding.image == image {
            let id = FindingID(scan: scan, pipeline: row.origin.pipelineSHA256, ordinal: finding.ordinal)
            let pixels = try finding.geometry.map { try RunLengths(storedIn: $0, of: id, in: scan) }
            drawing.add(finding, pixels: pixels, number: index < Self.mostNumbers ? index + 1 : nil)
        }
        let left = outlined.count - Self.mostOutlines
        let remark: Markup =
            left > 0 ? " The \(left.grouped) smallest of \(outlined.count.grouped) are not drawn." : .empty
        let ground: Markup =
            canvas.picture == nil ? " No picture of it was kept: the grey area has its shape." : .empty
        let maps = heatMaps.filter { $0.image == image }.map { map -> Markup in
            let (heat, legend) = HeatMapDrawing(map: map, canvas: canvas).markup()
            return """
                <figure>\(heat)\(legend)<figcaption>The most probable class of each tile, by <code>\(map.stage)</code>: the \
                stronger the colour, the more probable.</figcaption></figure>

                """
        }
        let caption: Markup =
            outlined.isEmpty
            ? "The scan. Nothing is outlined in it." : "What was found. Numbers are those of the table below.\(remark)"
        return """
            <div class="figures">
            <figure>\(drawing.markup(id: "scan-\(number)-\(image)"))\(drawing.legend)\
            <figcaption>\(caption)\(ground)</figcaption></figure>
            \(maps)\(gradeTables(of: image))</div>

            """
    }

    private func gradeTables(of image: Int) -> [Markup] {
        let several = images.count > 1
        return grades.filter { !$0.probabilities.isEmpty && $0.image == image }.map { grade -> Markup in
            let rows = grade.probabilities.enumerated().map { index, entry -> [Markup] in
                let appearance = LabelAppearance(entry.label, index: index)
                let name: Markup = entry.label == grade.label ? "<strong>\(entry.label)</strong>" : "\(entry.label)"
                return [appearance.swatch + name, ShareBar.markup(entry.probability, colour: appearance.colour)]
            }
            let heading: Markup = several ? "<h3>Grade of image \(grade.image)</h3>\n" : "<h3>Grade of the scan</h3>\n"
            let table = Table(
                caption: "Calibrated probability of each class",
                columns: [Table.Column(title: "Class"), Table.Column(title: "Probability")], rows: rows
            ).markup
            return "<div class=\"side\">\(heading)\(table)</div>\n"
        }
    }

    private func table(of outlined: [Finding]) -> Markup {
        guard !outlined.isEmpty else { return .empty }
        let hasArea = outlined.contains { $0.areaSquareMicrometres != nil }
        let rows = outlined.prefix(Self.mostRows).enumerated().map { index, finding -> [Markup] in
            let appearance = LabelAppearance(of: finding)
            let area = hasArea ? finding.areaSquareMicrometres?.brief : finding.areaPixels?.grouped
            return [
                "\(index + 1)", appearance.swatch + "\(finding.label)", "\(finding.kind.rawValue)",
                ShareBar.markup(finding.confidence, colour: appearance.colour), "\(area ?? "")",
                "\(finding.image > 0 ? "image \(finding.image): " : "")\(finding.box.x.grouped), \(finding.box.y.grouped)",
            ]
        }
        let left = outlined.count - rows.count
        let rest: Markup =
            left > 0
            ? "<p class=\"faint\">\(left.of("smaller finding")) more: <code>scanreport query</code> lists all.</p>\n"
            : .empty
        return "<h3>Findings</h3>\n"
            + Table(
                caption:
                    "\(outlined.count.of("outline")), the largest first; places are level-0 pixels from the top left",
                columns: [
                    Table.Column(title: "No.", isNumber: true), Table.Column(title: "Label"),
                    Table.Column(title: "Kind"),
                    Table.Column(title: "Confidence"),
                    Table.Column(title: hasArea ? "Area, µm²" : "Area, px", isNumber: true),
                    Table.Column(title: "Place, px", isNumber: true),
                ], rows: rows
            ).markup + rest
    }

    private var quality: Markup {
        guard case .done(_, _, _, let quality) = row.outcome, !quality.isEmpty else { return .empty }
        let rows = quality.sorted { $0.key < $1.key }.map { measure, value -> [Markup] in
            let usual = spreads[measure].map { $0.median.brief } ?? "not known yet"
            let isOutlying = MeasureName.isComparable(measure) && spreads[measure]?.isOutlying(value) == true
            let verdict: Markup = isOutlying ? "<span class=\"state bad\">◆ outlier</span>" : .empty
            return ["\(MeasureName.words(measure))", "\(value.brief)", "\(usual)", verdict]
        }
        return "<h3>Quality</h3>\n"
            + Table(
                caption: "Measures of this scan beside the median of the last \(History.weeks) weeks",
                columns: [
                    Table.Column(title: "Measure"), Table.Column(title: "Here", isNumber: true),
                    Table.Column(title: "Usual", isNumber: true), Table.Column(title: ""),
                ], rows: rows
            ).markup
    }
}
