import Slides

/// The depth of the tissue under a window, sampled on nodes that lie at fixed places of the scan and interpolated
/// between them: the same for every window.
struct DepthGrid: Sendable {
    /// Distance of nodes in pixels.
    private static let step = 8
    private let nodeSpacing: Double
    private let firstColumn: Int
    private let firstRow: Int
    private let columns: Int
    private let rows: Int
    private let nodes: [Double]

    init(of tissue: Tissue, window: PixelWindow, spacing: Double) {
        let step = Self.step
        // Nuclei just outside the window ask too.
        let margin = Int((24 / spacing).rounded(.up))
        let nodeSpacing = Double(step) * spacing
        firstColumn = (window.x - margin) / step - 1
        firstRow = (window.y - margin) / step - 1
        columns = (window.width + 2 * margin) / step + 4
        rows = (window.height + 2 * margin) / step + 4
        self.nodeSpacing = nodeSpacing
        let (firstColumn, firstRow, columns) = (firstColumn, firstRow, columns)
        nodes = (0..<rows).flatMap { row in
            (0..<columns).map { column in
                tissue.depth(
                    at: Vector(x: Double(firstColumn + column) * nodeSpacing, y: Double(firstRow + row) * nodeSpacing))
            }
        }
    }

    var largest: Double { nodes.reduce(-.infinity, max) }
    var smallest: Double { nodes.reduce(.infinity, min) }

    func depth(at place: Vector) -> Double {
        let (floorX, x) = floorAndPart(place.x / nodeSpacing)
        let (floorY, y) = floorAndPart(place.y / nodeSpacing)
        let column = max(0, min(columns - 2, floorX - firstColumn))
        let row = max(0, min(rows - 2, floorY - firstRow))
        let index = row * columns + column
        let above = nodes[index] + (nodes[index + 1] - nodes[index]) * x
        let below = nodes[index + columns] + (nodes[index + columns + 1] - nodes[index + columns]) * x
        return above + (below - above) * y
    }
}
