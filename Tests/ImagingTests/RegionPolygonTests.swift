import Imaging
import NeuralNetworks
import Testing

/// Simplified outlines as others read them: valid polygons.
@Suite struct RegionPolygonTests {
    private typealias Point = RegionPolygon.Point

    /// Blobs with holes, bays and narrow bridges: noise, smoothed.
    private func blobs(seed: UInt64, side: Int) -> MaskImage {
        var generator = SplitMix64(seed: seed)
        var values = (0..<side * side).map { _ in Double.random(in: 0..<1, using: &generator) }
        for _ in 0..<3 {
            let old = values
            for y in 0..<side {
                for x in 0..<side {
                    var sum = 0.0
                    for (dx, dy) in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)] {
                        sum += old[(y + dy + side) % side * side + (x + dx + side) % side]
                    }
                    values[y * side + x] = sum / 5
                }
            }
        }
        return MaskImage(width: side, height: side, pixels: values.map { $0 > 0.49 })
    }

    @Test(arguments: [1.0, 2.5, 6, 20], [1, 2, 3, 4] as [UInt64])
    func simplifiedPolygonsAreValid(tolerance: Double, seed: UInt64) {
        for component in blobs(seed: seed, side: 72).components {
            let polygon = RegionPolygon(outlining: component, tolerance: tolerance)
            #expect(polygon.tolerance <= tolerance)
            let rings = polygon.parts.flatMap { [$0.outline] + $0.holes }
            #expect(rings.allSatisfy { $0.count >= 3 && Set($0).count == $0.count })
            #expect(polygon.parts.allSatisfy { area($0.outline) > 0 && $0.holes.allSatisfy { area($0) < 0 } })
            #expect(!anyCross(rings))
            for part in polygon.parts {
                #expect(part.holes.allSatisfy { hole in hole.allSatisfy { isInsideOrCorner($0, of: part.outline) } })
            }
            let exact = RegionPolygon(outlining: component, tolerance: 0)
            #expect(polygon.parts.count == exact.parts.count)
            let enclosed = rings.reduce(0) { $0 + area($1) }
            let slack = polygon.tolerance * Double(component.runs.count * 8)
            #expect(abs(enclosed - Double(component.pixelCount)) <= slack)
        }
    }

    private func area(_ ring: [RegionPolygon.Point]) -> Double {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) { sum, edge in
            sum + Double(edge.0.x * edge.1.y - edge.1.x * edge.0.y) / 2
        }
    }

    private typealias Edge = (start: RegionPolygon.Point, end: RegionPolygon.Point)

    /// Every edge against every other: whether two meet but in a corner of both.
    private func anyCross(_ rings: [[RegionPolygon.Point]]) -> Bool {
        let edges: [Edge] = rings.flatMap { ring in zip(ring, ring.dropFirst() + ring.prefix(1)).map { ($0, $1) } }
        for (index, one) in edges.enumerated() {
            for two in edges[(index + 1)...] where cross(one, two) { return true }
        }
        return false
    }

    private func cross(_ one: Edge, _ two: Edge) -> Bool {
        func turn(_ a: Point, _ b: Point, _ c: Point) -> Int {
            ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).signum()
        }
        let (a, b) = (turn(one.start, one.end, two.start), turn(one.start, one.end, two.end))
        let (c, d) = (turn(two.start, two.end, one.start), turn(two.start, two.end, one.end))
        if a != b && c != d && a * b * c * d != 0 { return true }
        // A corner of one in the inside of the other.
        func isWithin(_ point: Point, _ edge: Edge) -> Bool {
            turn(edge.start, edge.end, point) == 0 && point != edge.start && point != edge.end
                && (min(edge.start.x, edge.end.x)...max(edge.start.x, edge.end.x)).contains(point.x)
                && (min(edge.start.y, edge.end.y)...max(edge.start.y, edge.end.y)).contains(point.y)
        }
        return isWithin(two.start, one) || isWithin(two.end, one) || isWithin(one.start, two) || isWithin(one.end, two)
    }

    private func isInsideOrCorner(_ point: RegionPolygon.Point, of ring: [RegionPolygon.Point]) -> Bool {
        if ring.contains(point) { return true }
        var crossings = 0
        for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1)) where (a.y > point.y) != (b.y > point.y) {
            let x = Double(a.x) + Double(point.y - a.y) / Double(b.y - a.y) * Double(b.x - a.x)
            if x > Double(point.x) { crossings += 1 }
        }
        return crossings % 2 == 1
    }
}
