import Findings
import Imaging

/// The outlines of a scan's findings over its picture, each class as one path.
struct OutlineDrawing {
    private var paths: [LabelAppearance: String] = [:]
    private var order: [LabelAppearance] = []
    private var counts: [LabelAppearance: Int] = [:]
    private var numbers: [(number: Int, x: Double, y: Double)] = []
    private let canvas: ScanCanvas

    init(on canvas: ScanCanvas) {
        self.canvas = canvas
    }

    /// - Parameters:
    ///   - pixels: nil for a finding that is a box.
    ///   - number: that the table calls it by; nil where it is not in the table.
    mutating func add(_ finding: Finding, pixels: RunLengths?, number: Int?) {
        add(pixels.map(path) ?? path(of: finding.box), LabelAppearance(of: finding))
        if let number {
            numbers.append((number, finding.centroid.x / canvas.factor, finding.centroid.y / canvas.factor))
        }
    }

    /// What is no finding.
    mutating func add(_ pixels: RunLengths, _ appearance: LabelAppearance) { add(path(of: pixels), appearance) }

    private mutating func add(_ path: String, _ appearance: LabelAppearance) {
        if counts[appearance] == nil { order.append(appearance) }
        counts[appearance, default: 0] += 1
        paths[appearance, default: ""] += path
    }

    private func path(of pixels: RunLengths) -> String {
        RegionPolygon(outlining: pixels, tolerance: canvas.factor).parts.reduce(into: "") { path, part in
            for ring in [part.outline] + part.holes {
                for (index, point) in ring.enumerated() {
                    path += index == 0 ? "M" : "L"
                    path +=
                        (Double(point.x) / canvas.factor).fixed(1) + " " + (Double(point.y) / canvas.factor).fixed(1)
                }
                path += "Z"
            }
        }
    }

    private func path(of box: Finding.Box) -> String {
        let (x, y) = (Double(box.x) / canvas.factor, Double(box.y) / canvas.factor)
        let (width, height) = (Double(box.width) / canvas.factor, Double(box.height) / canvas.factor)
        return "M\(x.fixed(1)) \(y.fixed(1))h\(width.fixed(1))v\(height.fixed(1))h-\(width.fixed(1))Z"
    }

    /// - Parameter id: unique on the page.
    func markup(id: String) -> Markup {
        let unit = canvas.unit
        let shapes = order.enumerated().map { index, appearance -> Markup in
            let name = "\(id)-\(index)"
            return """
                <defs><path id="\(name)" d="\(paths[appearance] ?? "")" /></defs>
                <use href="#\(name)" fill="none" stroke="#000" stroke-opacity="0.55" stroke-width="\(4.5 * unit)" />
                <use href="#\(name)" fill="\(appearance.colour)" fill-opacity="0.12" fill-rule="evenodd" \
                stroke="\(appearance.colour)" stroke-width="\(2.4 * unit)" \
                stroke-dasharray="\(appearance.dashArray(width: 2.4 * unit))" />

                """
        }
        let labels = numbers.map { label -> Markup in
            """
            <text class="number" x="\(label.x)" y="\(label.y + 5 * unit)" font-size="\(14 * unit)" stroke-width="\(3 * unit)" \
            text-anchor="middle">\(label.number)</text>
            """
        }
        let words = order.map { "\(counts[$0] ?? 0) \($0.label)" }.joined(separator: ", ")
        return canvas.drawing(
            words.isEmpty ? "The scan; nothing is outlined" : "The scan with outlines of: \(words)",
            shapes.joined() + labels.joined())
    }

    var legend: Markup {
        let entries = order.map { appearance -> Markup in
            "<li>\(appearance.swatch)\(appearance.label): \(counts[appearance] ?? 0)</li>"
        }
        return entries.isEmpty ? .empty : "<ul class=\"legend\" aria-label=\"Legend of the outlines\">\(entries)</ul>"
    }
}
