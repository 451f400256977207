import Listings

/// All of a report's scans of one patient.
struct PatientPage {
    let line: PatientLine
    /// Of the patients before and after, if there are any.
    let previous: String?
    let next: String?
    let rows: [[Markup]]
    let sections: [Markup]

    var page: Page {
        var links: [Markup] = ["<a href=\"index.html\">All patients</a>"]
        if let previous { links.append("<a href=\"\(previous)\" rel=\"prev\">Previous patient</a>") }
        if let next { links.append("<a href=\"\(next)\" rel=\"next\">Next patient</a>") }
        let summary = Table(
            caption: "\(line.scans == 1 ? "1 analysis" : "\(line.scans.grouped) analyses, in the order of their time")",
            columns: [
                Table.Column(title: "No.", isNumber: true), Table.Column(title: "Scan"),
                Table.Column(title: "Analysed"),
                Table.Column(title: "Result"), Table.Column(title: "Confidence"),
                Table.Column(title: "Outlined", isNumber: true),
            ], rows: rows)
        return Page(
            title: "Patient \(line.patient)", navigation: links.joined(by: " "),
            body: "<h1>Patient \(line.patient)</h1>\n\(summary.markup)\(sections)")
    }
}
