import FindingStore
import Findings
import Listings
import Reporting

/// The patients, or those whose id holds a text.
///
/// What is looked for is sent in a request's body: addresses are kept in histories and logs, and must name no patient.
enum PatientsPage {
    static func markup(_ store: FindingStore, holding text: String?) throws -> Markup {
        let wanted = text.map { Patient.id(writtenAs: $0).lowercased() } ?? ""
        let patients = try store.patients().filter { wanted.isEmpty || $0.id.lowercased().contains(wanted) }
        let rows = patients.prefix(ViewerPage.mostRows).map { patient -> [Markup] in
            [
                "<a href=\"/patient/\(patient.number)\">\(patient.id)</a>", "\(patient.scans.grouped)",
                "\(patient.withFindings.grouped)", "\(patient.withoutTissue.grouped)", "\(patient.rejected.grouped)",
                patient.failed > 0 ? "<span class=\"state bad\">✖ \(patient.failed.grouped)</span>" : "0",
                "\(patient.lastAnalysedAt?.minute ?? "")",
            ]
        }
        let table = Table(
            caption: wanted.isEmpty ? "\(patients.count.of("patient"))" : "\(patients.count.of("patient")) found",
            columns: [
                Table.Column(title: "Patient"), Table.Column(title: "Scans", isNumber: true),
                Table.Column(title: "With findings", isNumber: true),
                Table.Column(title: "Without tissue", isNumber: true),
                Table.Column(title: "Rejected", isNumber: true), Table.Column(title: "Failed", isNumber: true),
                Table.Column(title: "Last analysed"),
            ], rows: Array(rows))
        return ViewerPage.markup(
            "Patients", in: .patients,
            """
            <h1>Patients</h1>
            <form method="post" action="/patients" class="search" role="search">
            <label for="text">Patient id, or a part of it</label>
            <input id="text" name="text" type="search" value="\(text ?? "")" maxlength="200" autocomplete="off" />
            <button type="submit">Search</button>
            </form>
            \(patients.isEmpty ? "<p>No patient's id holds that.</p>" : table.markup)
            \(ViewerPage.rest(patients.count, of: "patient", "Search for an id."))
            """)
    }

    /// One patient's scans; nil where there is no such patient.
    static func one(_ number: Int64, _ store: FindingStore) throws -> Markup? {
        guard let patient = try store.patient(numbered: number) else { return nil }
        let rows = try store.analyses(FindingFilter(patient: patient)).sorted {
            ($0.origin.runID, $0.scan) > ($1.origin.runID, $1.scan)
        }
        let cards = try rows.prefix(ViewerPage.mostRows).map { row -> Markup in
            let analysis = row.origin.analysisID
            let status = ScanStatus(row, ofScan: try store.scanFindings(ofAnalysis: analysis))
            let hasPicture = try row.scanSHA256.flatMap { try store.thumbnail(of: $0) } != nil
            let picture: Markup =
                hasPicture
                ? "<img src=\"/scan/\(analysis)/thumbnail/0.jpg\" alt=\"\" loading=\"lazy\" />"
                : "<span class=\"nopicture\">no picture kept</span>"
            return """
                <li><a href="/scan/\(analysis)">\(picture)<span>\(row.scan)</span></a>
                <p>\(status.brief)</p><p class="faint">\(row.origin.analysedAt.minute) · \(row.origin.pipeline)</p></li>

                """
        }
        return ViewerPage.markup(
            "Patient", in: .patients,
            """
            <h1>Patient \(patient)</h1>
            <p>\(rows.count.of("scan")), the newest first. Silence is not "negative": what failed, was rejected or holds no tissue \
            is here too.</p>
            <ul class="cards">
            \(Array(cards))</ul>
            \(ViewerPage.rest(rows.count, of: "scan", .empty))
            """)
    }
}
