import Findings
import Imaging

extension TrueForeground {
    /// Rows that outlines may cross in all, which bounds what filling them costs.
    private static let mostCrossings = 1 << 26

    /// Of outlines: all pixels whose middles lie in one that counts, and in none that is left out.
    ///
    /// - Parameter size: the farthest corner's where it is nil.
    /// - Returns: nil where all outlines are of objects, which say nothing of regions.
    init?(
        outlinedIn text: String, in size: (width: Int, height: Int)?, counting counted: CountedOutlines
    ) throws(OutlineError) {
        let features = try OutlineFeature.read(geoJSON: text)
        let annotations = features.filter { !$0.isObject }
        guard features.isEmpty || !annotations.isEmpty else { return nil }
        let (leftOut, drawn) = (annotations.filter(\.isLeftOut), annotations.filter { !$0.isLeftOut })
        let unnamed = drawn.count { $0.names.isEmpty }
        guard unnamed == 0 || unnamed == drawn.count else {
            throw OutlineError(
                "\(unnamed) of \(drawn.count) have no class: give them the structure's, or Ignore* where they are none of it"
            )
        }
        if unnamed > 0, !counted.classes.isEmpty { throw OutlineError("they have no class, and one is asked for") }
        let corners = annotations.flatMap(\.polygons).flatMap(\.rings).joined()
        let width = size?.width ?? Int(max(1, corners.map(\.x).max() ?? 1).rounded(.up))
        let height = size?.height ?? Int(max(1, corners.map(\.y).max() ?? 1).rounded(.up))
        var crossings = 0
        func filled(_ features: [OutlineFeature]) throws(OutlineError) -> RunLengths {
            var runs: [PixelRun] = []
            for polygon in features.flatMap(\.polygons) {
                crossings += Self.crossings(of: polygon, height: height)
                guard crossings <= Self.mostCrossings else { throw OutlineError("they are too long to be filled") }
                guard Self.touches(polygon, width: width, height: height) else {
                    throw OutlineError(
                        "one lies outside of the scan: was it drawn on another, or not in pixels of the full resolution?"
                    )
                }
                let rings = polygon.rings.map { $0.map { (x: $0.x, y: $0.y) } }
                runs += RunLengths(fillingRings: rings, width: width, height: height).runs
            }
            return RunLengths(joining: runs)
        }
        let structures = drawn.filter(counted.count)
        self.init(
            width: width, height: height, pixels: try filled(structures).subtracting(try filled(leftOut)),
            outlines: Dictionary(structures.map { ($0.names.first ?? "(no class)", 1) }, uniquingKeysWith: +))
    }

    private static func touches(_ polygon: OutlineFeature.Polygon, width: Int, height: Int) -> Bool {
        polygon.rings.joined().contains { $0.x < Double(width) } && polygon.rings.joined().contains { $0.x > 0 }
            && polygon.rings.joined().contains { $0.y < Double(height) } && polygon.rings.joined().contains { $0.y > 0 }
    }

    /// Rows that a polygon's outline crosses, each as often as it does.
    private static func crossings(of polygon: OutlineFeature.Polygon, height: Int) -> Int {
        polygon.rings.reduce(0) { sum, ring in
            ring.indices.reduce(sum) { sum, index in
                let ends = [ring[index].y, ring[(index + 1) % ring.count].y].map { min(Double(height), max(0, $0)) }
                return sum + Int(abs(ends[0] - ends[1])) + 1
            }
        }
    }
}
