import FindingStore
import Findings
import Reporting

/// A slide with what was found in it, or two analyses of it side by side.
struct ScanPage {
    private let shown: ViewedImage
    private let beside: ViewedImage?
    /// Other analyses of the same scan.
    private let others: [AnalysisRow]
    private let origin: Provenance

    /// - Returns: nil where there is no such analysis, or the two are of different scans.
    init?(_ analysis: Int64, image: Int, beside other: Int64?, in store: FindingStore) throws {
        guard let shown = try ViewedImage(image, ofAnalysis: analysis, in: store), image == 0 || shown.zoom != nil
        else {
            return nil
        }
        self.shown = shown
        beside = try other.flatMap { try ViewedImage(image, ofAnalysis: $0, in: store) }
        if other != nil, beside?.scan?.sha256 != shown.scan?.sha256 || beside?.scan == nil { return nil }
        var others: [AnalysisRow] = []
        if let scan = shown.scan {
            let filter = FindingFilter(patient: shown.row.patient, scan: scan.sha256.hexadecimal, newestOnly: false)
            others = try store.analyses(filter).filter { $0.origin.analysisID != analysis && $0.failure == nil }
        }
        self.others = others
        origin = Provenance(
            run: try store.runs().first { $0.id == shown.row.origin.runID },
            pipeline: try store.pipeline(shown.row.origin.pipelineSHA256), image: shown.scan?.image)
    }

    var markup: Markup {
        let script: Markup = """
            <link rel="stylesheet" href="/leaflet.css" />
            <script src="/leaflet.js" defer="defer"></script>
            <script src="/outlines.js" defer="defer"></script>
            <script src="/viewer.js" defer="defer"></script>

            """
        let patients = shown.patients.map { "<a href=\"/patient/\($0.number)\">\($0.name)</a>" as Markup }
        return ViewerPage.markup(
            "Scan", in: nil, head: script,
            """
            <h1>\(shown.row.scan)</h1>
            <p>Patient \(patients.joined(by: ", ")) · \(shown.row.origin.pipeline) · \
            <a href="/run/\(shown.row.origin.runID)">run \(shown.row.origin.runID)</a>, \(shown.row.origin.analysedAt.minute)</p>
            \(ScanStatus(shown.row, ofScan: shown.grades).notice)
            \(images)
            <div id="viewer" class="\(beside == nil ? "one" : "two")">
            \(pane(shown))\(beside.map(pane) ?? .empty)
            \(controls)
            </div>
            \(comparisons)
            <h2>Provenance</h2>
            \(origin.markup(of: shown.row, ReportNames(pseudonyms: nil)))
            """)
    }

    private var images: Markup {
        guard shown.images.count > 1 else { return .empty }
        let links = shown.images.map { image -> Markup in
            let path = image == 0 ? "/scan/\(shown.analysis)" : "/scan/\(shown.analysis)/image/\(image)"
            return image == shown.number
                ? "<a href=\"\(path)\" aria-current=\"page\">image \(image)</a>"
                : "<a href=\"\(path)\">image \(image)</a>"
        }
        return "<nav class=\"images\" aria-label=\"Images of the file\">\(links)</nav>\n"
    }

    private func pane(_ view: ViewedImage) -> Markup {
        guard let zoom = view.zoom else {
            return "<p class=\"pane\">The size of this image is not known: there is nothing to show.</p>\n"
        }
        return """
            <section class="pane" aria-label="Slide, \(view.row.origin.pipeline), run \(view.row.origin.runID)">
            <p class="pane-title">\(view.row.origin.pipeline), run \(view.row.origin.runID)</p>
            <div class="slide" role="application" tabindex="0" \
            aria-label="The slide: arrow keys move it, plus and minus zoom" data-analysis="\(view.analysis)" \
            data-image="\(view.number)" data-width="\(zoom.width)" data-height="\(zoom.height)" data-deepest="\(zoom.deepest)" \
            data-picture="\(view.hasPicture ? "yes" : "no")" data-spacing="\(spacing(view))"></div>
            <p class="pane-state" role="status">Opening the slide…</p>
            </section>

            """
    }

    private func spacing(_ view: ViewedImage) -> String {
        guard let spacing = view.row.origin.spacing, spacing.source != .assumed, view.number == 0 else { return "" }
        return spacing.micrometresPerPixel.map { $0.description } ?? ""
    }

    private var controls: Markup {
        """
        <aside class="controls" aria-label="Findings">
        <noscript><p>The viewer needs JavaScript. What was found is also in <code>scanreport query</code> and in the report.</p></noscript>
        <div class="walk" role="group" aria-label="Walk through the findings">
        <button type="button" id="previous">Previous <kbd>p</kbd></button>
        <button type="button" id="next">Next <kbd>n</kbd></button>
        \(FindingsPage.select("order", "Order", [
            ("least", "least certain first"), ("most", "most certain first"), ("large", "largest first"), ("place", "top to bottom"),
        ], "least"))
        </div>
        <p id="position" role="status" class="faint">No finding is chosen.</p>
        <div id="finding"></div>
        <fieldset><legend>What is drawn</legend>
        <label for="confidence">Confidence of at least</label> <output id="least" for="confidence">0 %</output>
        <input type="range" id="confidence" min="0" max="100" value="0" />
        <ul id="labels" class="choices" aria-label="Labels"></ul>
        <label class="choice"><input type="checkbox" id="unreviewed" /> Only what nobody has reviewed</label>
        <label for="heat">Heat map</label>
        <select id="heat"><option value="-1">none</option></select>
        <label class="choice"><input type="checkbox" id="outlines" checked="checked" /> Outlines <kbd>o</kbd></label>
        </fieldset>
        <details><summary>Keys</summary>
        <dl class="keys"><dt><kbd>n</kbd> <kbd>p</kbd></dt><dd>next, previous finding</dd>
        <dt><kbd>a</kbd> <kbd>r</kbd></dt><dd>agree, reject</dd>
        <dt><kbd>l</kbd> <kbd>t</kbd></dt><dd>another label, a note</dd>
        <dt><kbd>o</kbd> <kbd>h</kbd></dt><dd>outlines on and off, next heat map</dd>
        <dt><kbd>0</kbd> <kbd>1</kbd></dt><dd>whole slide, one pixel for one</dd>
        <dt>arrows <kbd>+</kbd> <kbd>-</kbd></dt><dd>move and zoom (<kbd>m</kbd> goes to the slide)</dd></dl>
        <label class="choice"><input type="checkbox" id="keys" checked="checked" /> These keys work everywhere on the page</label>
        </details>
        </aside>
        """
    }

    private var comparisons: Markup {
        if beside != nil {
            return
                "<p><a href=\"/scan/\(shown.analysis)\">Show only \(shown.row.origin.pipeline), run \(shown.row.origin.runID)</a></p>\n"
        }
        guard !others.isEmpty else { return .empty }
        let links = others.map { row -> Markup in
            """
            <li><a href="/scan/\(shown.analysis)/beside/\(row.origin.analysisID)">\(row.origin.pipeline), run \(row.origin.runID)</a>, \
            \(row.origin.analysedAt.minute)</li>
            """
        }
        return "<h2>Side by side with another analysis of this scan</h2>\n<ul>\(links)</ul>\n"
    }
}
