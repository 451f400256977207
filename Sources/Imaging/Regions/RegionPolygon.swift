/// The outline of a region as polygons with holes, for exchange; the run lengths stay the exact geometry.
///
/// Corners are corners of pixels: the pixel in column x spans x to x + 1. Outer rings run clockwise as seen on the screen (y
/// downwards), holes the other way, and the last corner is not the first one again. Where a region hangs together by corners of
/// pixels only, each part is a polygon of its own, so that no ring touches itself.
public struct RegionPolygon: Sendable, Hashable {
    public struct Point: Sendable, Hashable {
        public let x: Int
        public let y: Int

        public init(x: Int, y: Int) {
            (self.x, self.y) = (x, y)
        }
    }

    public struct Part: Sendable, Hashable {
        public let outline: [Point]
        public let holes: [[Point]]

        public init(outline: [Point], holes: [[Point]]) {
            self.outline = outline
            self.holes = holes
        }
    }

    /// Ordered by their first pixel.
    public let parts: [Part]

    /// - Parameter tolerance: how far, in pixels, the true outline may lie from the polygon's (Douglas and Peucker 1973); with 0
    ///   the polygons are exact. Simplified rings may touch or, where they run closer together than the tolerance, cross.
    public init(outlining pixels: RunLengths, tolerance: Double) {
        var tracer = OutlineTracer(pixels)
        parts = tracer.parts().map { part in
            Part(
                outline: RingSimplification.simplified(part.outline, tolerance: tolerance),
                holes: part.holes.map { RingSimplification.simplified($0, tolerance: tolerance) })
        }
    }
}
