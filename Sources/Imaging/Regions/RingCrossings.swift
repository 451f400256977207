/// Whether the rings of a region's polygons form valid geometry together (OGC Simple Features 1.2.1, section 6.1.11): no ring
/// meets itself, no two rings cross or run along each other, and holes lie within their outline.
///
/// Rings that were simplified may touch each other in a corner that both have: the exact rings do so already, and those are valid.
enum RingCrossings {
    private typealias Point = RegionPolygon.Point

    private struct Segment {
        let start: RegionPolygon.Point
        let end: RegionPolygon.Point
        let ring: Int
        /// Position in its ring, and the ring's length: neighbours share a corner.
        let index: Int
        let count: Int

        var left: Int { min(start.x, end.x) }
        var right: Int { max(start.x, end.x) }

        func isNeighbour(of other: Segment) -> Bool {
            guard ring == other.ring else { return false }
            let distance = abs(index - other.index)
            return distance == 1 || distance == count - 1
        }
    }

    /// Cost: about `n log n` for `n` corners of outlines that are no longer than they are wide.
    static func areFree(_ parts: [RegionPolygon.Part]) -> Bool {
        let rings = parts.flatMap { [$0.outline] + $0.holes }
        let segments = rings.enumerated().flatMap { ring, corners in
            corners.indices.map { index in
                Segment(
                    start: corners[index], end: corners[(index + 1) % corners.count], ring: ring, index: index,
                    count: corners.count)
            }
        }.sorted { $0.left < $1.left }
        // A sweep from left to right over the segments that the line at hand cuts.
        var active: [Segment] = []
        for segment in segments {
            active.removeAll { $0.right < segment.left }
            if active.contains(where: { conflict($0, segment) }) { return false }
            active.append(segment)
        }
        return parts.allSatisfy { part in part.holes.allSatisfy { isInside($0, of: part.outline) } }
            && areApart(parts.map(\.outline)) && parts.allSatisfy { areApart($0.holes) }
    }

    private static func conflict(_ one: Segment, _ two: Segment) -> Bool {
        guard
            max(min(one.start.y, one.end.y), min(two.start.y, two.end.y))
                <= min(max(one.start.y, one.end.y), max(two.start.y, two.end.y))
        else { return false }
        let sides = [
            side(of: two.start, from: one), side(of: two.end, from: one), side(of: one.start, from: two),
            side(of: one.end, from: two),
        ]
        if sides == [0, 0, 0, 0] { return overlap(one, two) }
        guard sides[0] * sides[1] <= 0, sides[2] * sides[3] <= 0 else { return false }
        // They meet in one point: allowed where it is a corner of both, of neighbours or of different rings.
        let ends = [one.start, one.end]
        let sharesCorner = ends.contains(two.start) || ends.contains(two.end)
        return !(sharesCorner && (one.ring != two.ring || one.isNeighbour(of: two)))
    }

    /// Segments of one line: whether they share more than a corner, or a corner that they may not share.
    private static func overlap(_ one: Segment, _ two: Segment) -> Bool {
        func position(_ point: Point) -> Int { one.start.x != one.end.x ? point.x : point.y }
        let (a, b) = (position(one.start), position(one.end))
        let (c, d) = (position(two.start), position(two.end))
        let shared = min(max(a, b), max(c, d)) - max(min(a, b), min(c, d))
        if shared == 0 { return one.ring == two.ring && !one.isNeighbour(of: two) }
        return shared > 0
    }

    /// The sign of the turn from a segment to a point; exact, for coordinates are below 2^31.
    private static func side(of point: Point, from segment: Segment) -> Int {
        let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
        return (dx * (point.y - segment.start.y) - dy * (point.x - segment.start.x)).signum()
    }

    /// Of rings that do not cross: whether one lies within the other.
    private static func isInside(_ ring: [Point], of outline: [Point]) -> Bool {
        let corners = Set(outline)
        // A corner that both share tells nothing.
        guard let corner = ring.first(where: { !corners.contains($0) }) else { return false }
        var isInside = false
        var previous = outline.last ?? corner
        for next in outline {
            if (next.y > corner.y) != (previous.y > corner.y) {
                let turn =
                    (next.x - previous.x) * (corner.y - previous.y) - (next.y - previous.y) * (corner.x - previous.x)
                // Left of the edge where the edge goes down the picture, right of it where it goes up.
                if (turn > 0) == (next.y > previous.y) { isInside.toggle() }
            }
            previous = next
        }
        return isInside
    }

    /// Of rings that do not cross: whether none lies within another.
    private static func areApart(_ rings: [[Point]]) -> Bool {
        let boxes = rings.map(Box.init)
        for index in rings.indices {
            for other in rings.indices.dropFirst(index + 1) where boxes[index].overlaps(boxes[other]) {
                if isInside(rings[index], of: rings[other]) || isInside(rings[other], of: rings[index]) { return false }
            }
        }
        return true
    }

    private struct Box {
        private var (left, top, right, bottom) = (Int.max, Int.max, Int.min, Int.min)

        init(_ ring: [RegionPolygon.Point]) {
            for corner in ring {
                (left, right) = (min(left, corner.x), max(right, corner.x))
                (top, bottom) = (min(top, corner.y), max(bottom, corner.y))
            }
        }

        func overlaps(_ other: Box) -> Bool {
            max(left, other.left) <= min(right, other.right) && max(top, other.top) <= min(bottom, other.bottom)
        }
    }
}
