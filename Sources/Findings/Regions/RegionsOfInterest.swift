import Crypto
import FoundationEssentials

/// Where in a scan to look, by outlines that somebody drew: in level-0 pixels of the image that describes the scan.
public struct RegionsOfInterest: Sendable, Hashable {
    /// Rings of corners, the first of which is not told again at the end. Inside is what an odd number of them surrounds: an
    /// outline, less its holes.
    public struct Polygon: Sendable, Hashable {
        public let rings: [[Finding.Point]]

        public init(rings: [[Finding.Point]]) {
            self.rings = rings
        }
    }

    /// What to look at; everything where there is none.
    public let included: [Polygon]
    /// What to leave out all the same.
    public let excluded: [Polygon]

    /// The most corners of all, which bounds what drawing them costs.
    public static let mostCorners = 200_000
    /// The largest coordinate.
    public static let farthest = 1e9

    public init(included: [Polygon], excluded: [Polygon]) {
        self.included = included
        self.excluded = excluded
    }

    /// Of the encoding: by it an analysis within these outlines is told from others.
    public var sha256: ContentHash { ContentHash(digest: SHA256.hash(data: encoded())) }

    /// The numbers of polygons, of each one's rings, of each ring's corners, and the corners, 8 bytes each, the least
    /// significant first.
    public func encoded() -> Data {
        var bytes = Data()
        func append(_ bits: UInt64) { withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) } }
        for polygons in [included, excluded] {
            append(UInt64(polygons.count))
            for polygon in polygons {
                append(UInt64(polygon.rings.count))
                for ring in polygon.rings {
                    append(UInt64(ring.count))
                    for corner in ring { [corner.x, corner.y].forEach { append($0.bitPattern) } }
                }
            }
        }
        return bytes
    }

    /// Nil for what is no encoding.
    public init?(encoded bytes: Data) {
        var rest = bytes[...]
        func next() -> UInt64? {
            guard rest.count >= 8 else { return nil }
            defer { rest = rest.dropFirst(8) }
            return rest.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        // Each of what is counted takes 8 bytes or more.
        func count() -> Int? { next().flatMap { Int(exactly: $0) }.flatMap { $0 <= rest.count / 8 ? $0 : nil } }
        func coordinate() -> Double? {
            next().map { Double(bitPattern: $0) }.flatMap { abs($0) <= Self.farthest ? $0 : nil }
        }
        func list<Element>(_ element: () -> Element?) -> [Element]? {
            guard let count = count() else { return nil }
            var elements: [Element] = []
            for _ in 0..<count {
                guard let next = element() else { return nil }
                elements.append(next)
            }
            return elements
        }
        func corner() -> Finding.Point? {
            guard let x = coordinate(), let y = coordinate() else { return nil }
            return Finding.Point(x: x, y: y)
        }
        func polygon() -> Polygon? { list { list(corner) }.map { Polygon(rings: $0) } }
        guard let included = list(polygon), let excluded = list(polygon), rest.isEmpty else { return nil }
        self.init(included: included, excluded: excluded)
        guard cornerCount <= Self.mostCorners else { return nil }
    }

    /// Of all rings.
    var cornerCount: Int {
        (included + excluded).reduce(0) { sum, polygon in polygon.rings.reduce(sum) { $0 + $1.count } }
    }
}
