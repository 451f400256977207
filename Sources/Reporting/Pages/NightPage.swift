import FindingStore
import Findings
import FoundationEssentials
import Listings

/// The first page: how the night went, what to look at first, and every patient.
struct NightPage {
    /// Nil where the report is of no one run.
    let run: RunSummary?
    /// Of other pipelines in the same night.
    let otherRuns: [RunSummary]
    let title: String
    let history: History
    let spreads: [String: Spread]
    let patients: [PatientLine]
    let scans: [ScanLine]
    let names: ReportNames
    /// What the run said that a person should know.
    let notices: [String]

    var page: Page {
        Page(
            title: title, navigation: "<a href=\"#patients\">Patients</a>",
            body: """
                <h1>\(title)</h1>
                \(about)\(verdict)\(counts)\(leftOut)\(failures)\(withoutResult)\(patientTable)\(remarks)\(grades)\(drift)\(quality)\(outliers)
                """)
    }

    private var about: Markup {
        guard let run else {
            return "<p class=\"faint\">\(scans.count.of("result")) of \(patients.count.of("patient")).</p>\n"
        }
        let start = Timestamp(run.run.startedAt)
        let duration = run.end.map { Duration.seconds($0.at.date.timeIntervalSince(run.run.startedAt)).words }
        let span: Markup = duration.map { ", after \($0)" } ?? .empty
        return """
            <p class="faint">Began \(names.minute(start)); \(Words.ending(run.end?.ending))\(span). Pipeline \(run.pipeline), \
            fingerprint <code>\(run.pipelineSHA256.prefix)</code>, scanreport \(run.run.programVersion).</p>

            """
    }

    var failed: [ScanLine] { scans.filter { $0.failure != nil } }
    var rejected: [ScanLine] { scans.filter { $0.status == AnalysisResult.Status.rejected.rawValue } }
    var withoutTissue: [ScanLine] { scans.filter { $0.status == AnalysisResult.Status.noTissue.rawValue } }

    /// Scans with the measures that lie outside of the others' scatter.
    var outlying: [(scan: ScanLine, measures: [String])] {
        scans.compactMap { scan in
            let measures = scan.quality.keys.sorted().filter { measure in
                guard MeasureName.isComparable(measure), let value = scan.quality[measure] else { return false }
                return spreads[measure]?.isOutlying(value) == true
            }
            return measures.isEmpty ? nil : (scan, measures)
        }
    }

    private var verdict: Markup {
        var points: [Markup] = []
        func add(_ count: Int, _ words: String, _ anchor: String) {
            if count > 0 { points.append("<li><a href=\"#\(anchor)\">\(count.of("scan")) \(words)</a></li>") }
        }
        add(failed.count, "failed: not analysed", "failures")
        add(rejected.count, "rejected for their quality: not graded", "without-result")
        add(withoutTissue.count, "without tissue: not graded", "without-result")
        if let left = run?.end?.counts.left, left > 0 {
            points.append("<li>\(left.of("scan")) left for the next run: not analysed</li>")
        }
        if run != nil, run?.end == nil { points.append("<li>The run has no end: more may be missing</li>") }
        for other in otherRuns {
            let failed =
                other.end.map { $0.counts.failed > 0 ? ", \($0.counts.failed.of("scan")) failed" : "" } ?? ", no end"
            points.append(
                "<li>The same night saw the pipeline \(other.pipeline) too, run \(other.id)\(failed): not on these pages, but by "
                    + "<code>scanreport report --run \(other.id)</code></li>")
        }
        add(outlying.count, "with an outlying quality measure", "outliers")
        let drifting = trends.filter { $0.trend.verdict == .above || $0.trend.verdict == .below }.count
        if drifting > 0 {
            points.append("<li><a href=\"#drift\">\(drifting.of("line")) left the band of the weeks before</a></li>")
        }
        if !notices.isEmpty { points.append("<li><a href=\"#left-out\">What the run left out, or warned of</a></li>") }
        guard !points.isEmpty else {
            return """
                <div class="look well"><p><strong>✔ Nothing to look at first.</strong> Every scan of this report has a result.</p></div>

                """
        }
        let kind = failed.isEmpty && rejected.isEmpty ? "warn" : "bad"
        return "<div class=\"look \(kind)\"><p><strong>Look at this first</strong></p><ul>\(points)</ul></div>\n"
    }

    private var counts: Markup {
        var numbers: [(String, Int, String)] = []
        if let counts = run?.end?.counts { numbers.append(("found", counts.found, "plain")) }
        numbers += [
            ("with findings", scans.count - failed.count - rejected.count - withoutTissue.count, "plain"),
            ("without tissue", withoutTissue.count, withoutTissue.isEmpty ? "plain" : "warn"),
            ("rejected", rejected.count, rejected.isEmpty ? "plain" : "bad"),
            ("failed", failed.count, failed.isEmpty ? "plain" : "bad"),
        ]
        if let counts = run?.end?.counts {
            numbers += [
                ("done by an earlier run", counts.skipped, "plain"),
                ("left for the next run", counts.left, counts.left > 0 ? "warn" : "plain"),
            ]
        }
        numbers.append(("patients", patients.count, "plain"))
        let entries = numbers.map { name, number, kind -> Markup in
            "<div class=\"\(kind)\"><dt>\(name)</dt><dd>\(number.grouped)</dd></div>\n"
        }
        return "<dl class=\"counts\">\n\(entries)</dl>\n"
    }

    private var patientTable: Markup {
        let rows = patients.map { patient -> [Markup] in
            var states: [Markup] = []
            if patient.failed > 0 { states.append("<span class=\"state bad\">✖ \(patient.failed) failed</span>") }
            if patient.rejected > 0 { states.append("<span class=\"state bad\">✖ \(patient.rejected) rejected</span>") }
            if patient.withoutTissue > 0 {
                states.append("<span class=\"state warn\">▲ \(patient.withoutTissue) without tissue</span>")
            }
            let grades = patient.labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            return [
                "<a href=\"\(patient.page)\">\(patient.patient)</a>", "\(patient.scans.grouped)", "\(grades)",
                "\(patient.outlines.grouped)", states.joined(by: "<br />"),
            ]
        }
        return "<h2 id=\"patients\">Patients</h2>\n"
            + Table(
                caption: "\(patients.count.of("patient")), by id",
                columns: [
                    Table.Column(title: "Patient"), Table.Column(title: "Scans", isNumber: true),
                    Table.Column(title: "Grades of the scans"), Table.Column(title: "Outlined", isNumber: true),
                    Table.Column(title: "Look at"),
                ], rows: rows
            ).markup
    }
}
