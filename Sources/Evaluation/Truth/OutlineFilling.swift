import Findings
import Imaging

/// Fills outlines of a picture, as many as one file may have.
struct OutlineFilling {
    let width: Int
    let height: Int
    private var crossings = 0

    /// Rows that outlines may cross in all, which bounds what filling them costs.
    private static let mostCrossings = 1 << 26

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
    }

    /// The pixels whose middles lie in one of them.
    ///
    /// - Throws: for one that lies outside of the picture.
    mutating func pixels(of features: [OutlineFeature]) throws(OutlineError) -> RunLengths {
        try pixels(of: features.flatMap(\.polygons))
    }

    mutating func pixels(of polygons: [OutlineFeature.Polygon]) throws(OutlineError) -> RunLengths {
        var runs: [PixelRun] = []
        for polygon in polygons {
            crossings += crossings(of: polygon)
            guard crossings <= Self.mostCrossings else { throw OutlineError("they are too long to be filled") }
            guard touches(polygon) else {
                throw OutlineError(
                    "one lies outside of the scan: was it drawn on another, or not in pixels of the full resolution?"
                )
            }
            let rings = polygon.rings.map { $0.map { (x: $0.x, y: $0.y) } }
            runs += RunLengths(fillingRings: rings, width: width, height: height).runs
        }
        return RunLengths(joining: runs)
    }

    private func touches(_ polygon: OutlineFeature.Polygon) -> Bool {
        polygon.rings.joined().contains { $0.x < Double(width) } && polygon.rings.joined().contains { $0.x > 0 }
            && polygon.rings.joined().contains { $0.y < Double(height) } && polygon.rings.joined().contains { $0.y > 0 }
    }

    /// Rows that a polygon's outline crosses, each as often as it does.
    private func crossings(of polygon: OutlineFeature.Polygon) -> Int {
        polygon.rings.reduce(0) { sum, ring in
            ring.indices.reduce(sum) { sum, index in
                let ends = [ring[index].y, ring[(index + 1) % ring.count].y].map { min(Double(height), max(0, $0)) }
                return sum + Int(abs(ends[0] - ends[1])) + 1
            }
        }
    }
}
