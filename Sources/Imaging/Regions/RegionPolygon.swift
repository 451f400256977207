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

    /// How far, in pixels, the true outline may lie from the polygons'; 0 where they are exact.
    public let tolerance: Double

    /// Below this, simplifying leaves out no corner of a pixel.
    private static let leastTolerance = 0.5

    /// - Parameter tolerance: how far, in pixels, the true outline may lie from the polygon's (Douglas and Peucker 1973); with 0
    ///   the polygons are exact. Where rings would cross or a hole leave its outline, it is halved for the whole region until
    ///   they do not: the polygons are always valid.
    public init(outlining pixels: RunLengths, tolerance: Double) {
        var tracer = OutlineTracer(pixels)
        let exact = tracer.parts()
        var tolerance = tolerance
        while tolerance >= Self.leastTolerance {
            let simplified = exact.map { part in
                Part(
                    outline: RingSimplification.simplified(part.outline, tolerance: tolerance),
                    holes: part.holes.map { RingSimplification.simplified($0, tolerance: tolerance) })
            }
            if RingCrossings.areFree(simplified) {
                (parts, self.tolerance) = (simplified, tolerance)
                return
            }
            tolerance /= 2
        }
        (parts, self.tolerance) = (exact, 0)
    }
}
