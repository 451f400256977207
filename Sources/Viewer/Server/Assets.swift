import FoundationEssentials
import Reporting

/// What pages are drawn with: ours, and Leaflet as Debian installs it. Read once, at the start.
struct Assets: Sendable {
    private let files: [String: Answer]

    /// - Throws: `missing` where Leaflet is not installed.
    init(leaflet folder: String) throws(ViewerError) {
        let script = "text/javascript; charset=utf-8"
        let style = "text/css; charset=utf-8"
        func read(_ name: String) throws(ViewerError) -> Data {
            guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")) else {
                throw ViewerError(
                    .missing,
                    "Leaflet's \(name) is not in \(folder): install Debian's package libjs-leaflet (Pipelines/set-up does)"
                )
            }
            return data
        }
        files = [
            "/style.css": Answer(type: style, body: StyleSheet.text.utf8),
            "/viewer.css": Answer(type: style, body: PackageResources.viewer_css),
            "/viewer.js": Answer(type: script, body: PackageResources.viewer_js),
            "/outlines.js": Answer(type: script, body: PackageResources.outlines_js),
            "/leaflet.css": Answer(type: style, body: try read("leaflet.css")),
            "/leaflet.js": Answer(type: script, body: try read("leaflet.min.js")),
        ]
    }

    subscript(_ path: String) -> Answer? { files[path] }
}
