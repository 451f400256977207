import Findings
import Imaging

extension RegionsOfInterest {
    /// Whether each polygon reaches into an image of so many pixels. One that does not was drawn on another, or in other units.
    func touch(width: Int, height: Int) -> Bool {
        (included + excluded).allSatisfy { polygon in
            let corners = polygon.rings.joined()
            guard let left = corners.map(\.x).min(), let right = corners.map(\.x).max(),
                let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max()
            else { return true }
            return left < Double(width) && right > 0 && top < Double(height) && bottom > 0
        }
    }

    /// What is to be looked at, on a small picture of the whole image: pixels whose middle lies in the outlines.
    ///
    /// Row by row, and not by `RunLengths(fillingPolygon:)`, which keeps all crossings at once: outlines by hand may have 200,000
    /// corners, each of which crosses every row.
    ///
    /// - Parameters:
    ///   - downsampleX: pixels of level 0 along one of the mask, likewise `downsampleY`.
    func mask(width: Int, height: Int, downsampleX: Double, downsampleY: Double) -> MaskImage {
        var pixels = [Bool](repeating: included.isEmpty, count: width * height)
        func fill(_ polygon: Polygon, _ value: Bool) {
            let edges = polygon.rings.flatMap { ring in ring.indices.map { (ring[$0], ring[($0 + 1) % ring.count]) } }
            let rows = edges.lazy.map { $0.0.y / downsampleY - 0.5 }
            guard let top = rows.min(), let bottom = rows.max(), bottom >= 0, top < Double(height) else { return }
            for row in max(0, Int(top))...min(height - 1, max(0, Int(bottom.rounded(.up)))) {
                let y = (Double(row) + 0.5) * downsampleY
                let crossings = edges.compactMap { first, second -> Double? in
                    guard (first.y <= y) != (second.y <= y) else { return nil }
                    let x = first.x + (y - first.y) * (second.x - first.x) / (second.y - first.y)
                    return min(Double(width), max(0, x / downsampleX - 0.5))
                }.sorted()
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    let columns = Int(crossings[pair].rounded(.up))..<Int(crossings[pair + 1].rounded(.up))
                    for column in columns where column < width { pixels[row * width + column] = value }
                }
            }
        }
        for polygon in included { fill(polygon, true) }
        for polygon in excluded { fill(polygon, false) }
        return MaskImage(width: width, height: height, pixels: pixels)
    }

    /// What a result within them says of itself.
    var remark: String {
        "what lies outside of the outlines given (\(included.count) to look at, \(excluded.count) to leave out) was not analysed"
    }
}
