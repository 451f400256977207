import Reporting

/// What all pages of the viewer have around them.
enum ViewerPage {
    enum Place: String, CaseIterable {
        case overview = "Overview"
        case patients = "Patients"
        case findings = "Findings"
        case failures = "Failures"
        case runs = "Runs"

        var path: String {
            switch self {
            case .overview: "/"
            case .patients: "/patients"
            case .findings: "/findings"
            case .failures: "/failures"
            case .runs: "/runs"
            }
        }
    }

    /// - Parameter place: which part of the viewer the page belongs to.
    static func markup(_ title: String, in place: Place?, head: Markup = .empty, _ body: Markup) -> Markup {
        let links = Place.allCases.map { link -> Markup in
            link == place
                ? "<a href=\"\(link.path)\" aria-current=\"page\">\(link.rawValue)</a>"
                : "<a href=\"\(link.path)\">\(link.rawValue)</a>"
        }
        return Page(
            title: "\(title) · scanreport", navigation: links.joined(), body: body, styleSheet: "/style.css",
            // An empty icon, or browsers ask for one.
            head: "<link rel=\"icon\" href=\"data:,\" />\n<link rel=\"stylesheet\" href=\"/viewer.css\" />\n" + head
        ).markup
    }

    /// More rows are no help to anybody.
    static let mostRows = 200

    /// - Parameter count: of all rows.
    static func rest(_ count: Int, of noun: String, _ advice: Markup) -> Markup {
        count > mostRows
            ? "<p class=\"faint\">Of \(count.of(noun)), the first \(mostRows) are shown. \(advice)</p>\n" : .empty
    }
}
