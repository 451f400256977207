/// Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a digitized line", 1973.
enum RingSimplification {
    /// The ring with corners left out whose absence moves it by no more than `tolerance`; a ring that would be left with fewer
    /// than three corners stays as it is.
    static func simplified(_ ring: [RegionPolygon.Point], tolerance: Double) -> [RegionPolygon.Point] {
        guard tolerance > 0, ring.count > 3, let first = ring.first else { return ring }
        // A ring has no ends: it is cut at its first corner and the one farthest from that.
        let farthest = ring.indices.max { squaredDistance(ring[$0], first) < squaredDistance(ring[$1], first) } ?? 0
        var isKept = [Bool](repeating: false, count: ring.count + 1)
        (isKept[0], isKept[farthest]) = (true, true)
        let closed = ring + [first]
        var pending = [(0, farthest), (farthest, ring.count)]
        while let (start, end) = pending.popLast() {
            guard end - start > 1 else { continue }
            var (worst, greatest) = (start, 0.0)
            for index in start + 1..<end {
                let distance = squaredDistance(from: closed[index], toSegment: closed[start], closed[end])
                if distance > greatest { (worst, greatest) = (index, distance) }
            }
            guard greatest > tolerance * tolerance else { continue }
            isKept[worst] = true
            pending += [(start, worst), (worst, end)]
        }
        let kept = ring.indices.filter { isKept[$0] }.map { ring[$0] }
        return kept.count >= 3 ? kept : ring
    }

    private static func squaredDistance(_ one: RegionPolygon.Point, _ two: RegionPolygon.Point) -> Double {
        let (dx, dy) = (Double(one.x - two.x), Double(one.y - two.y))
        return dx * dx + dy * dy
    }

    private static func squaredDistance(
        from point: RegionPolygon.Point, toSegment start: RegionPolygon.Point, _ end: RegionPolygon.Point
    ) -> Double {
        let length = squaredDistance(start, end)
        let (dx, dy) = (Double(end.x - start.x), Double(end.y - start.y))
        let (px, py) = (Double(point.x - start.x), Double(point.y - start.y))
        let along = length > 0 ? min(1, max(0, (px * dx + py * dy) / length)) : 0
        let (ox, oy) = (px - along * dx, py - along * dy)
        return ox * ox + oy * oy
    }
}
