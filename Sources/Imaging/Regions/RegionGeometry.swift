import Foundation
import Slides

/// Measurements of a set of pixels from its runs; linear in their number.
public struct RegionGeometry: Sendable, Hashable {
    public let boundingBox: PixelWindow
    /// Number of pixels.
    public let area: Int
    /// The mean of the pixels' centres; the centre of the pixel in column x is x + 0.5.
    public let centroidX: Double
    public let centroidY: Double
    /// Length of all outlines, outer and inner, by Crofton's formula over lines in four directions one pixel apart
    /// (Legland, Kiêu and Devaux 2007): `π/4 (n0 + n90 + (n45 + n135) / √2)` with `n` the times that lines of a direction enter
    /// the set. Within a few per cent for smooth outlines; the number scikit-image calls `perimeter_crofton`.
    public let perimeter: Double
    /// Of the ellipse with the same second moments: `√(1 - (minor / major)²)`.
    public let eccentricity: Double

    /// - Precondition: there is at least one pixel.
    public init(of pixels: RunLengths) {
        guard let box = pixels.boundingBox else { preconditionFailure("no pixels to measure") }
        boundingBox = box
        area = pixels.pixelCount
        let moments = Self.moments(of: pixels, in: box)
        let count = Double(area)
        let meanX = moments.x / count
        let meanY = moments.y / count
        centroidX = meanX + Double(box.x) + Double(box.width) / 2
        centroidY = meanY + Double(box.y) + Double(box.height) / 2
        eccentricity = Self.eccentricity(
            varianceX: moments.xx / count - meanX * meanX, varianceY: moments.yy / count - meanY * meanY,
            covariance: moments.xy / count - meanX * meanY)
        perimeter = Self.perimeter(of: pixels, area: area)
    }

    /// Sums over the pixels' centres, relative to the middle of the bounding box for precision.
    private static func moments(
        of pixels: RunLengths, in box: PixelWindow
    ) -> (x: Double, y: Double, xx: Double, yy: Double, xy: Double) {
        let originX = Double(box.x) + Double(box.width) / 2
        let originY = Double(box.y) + Double(box.height) / 2
        var sums = (x: 0.0, y: 0.0, xx: 0.0, yy: 0.0, xy: 0.0)
        for run in pixels.runs {
            let length = Double(run.length)
            let middle = Double(run.start) + length / 2 - originX
            let y = Double(run.row) + 0.5 - originY
            sums.x += length * middle
            sums.y += length * y
            sums.xx += length * middle * middle + length * (length * length - 1) / 12
            sums.yy += length * y * y
            sums.xy += length * middle * y
        }
        return sums
    }

    private static func eccentricity(varianceX: Double, varianceY: Double, covariance: Double) -> Double {
        let mean = (varianceX + varianceY) / 2
        let spread = (pow((varianceX - varianceY) / 2, 2) + covariance * covariance).squareRoot()
        let major = mean + spread
        guard major > 0 else { return 0 }
        return max(0, 1 - max(0, mean - spread) / major).squareRoot()
    }

    private static func perimeter(of pixels: RunLengths, area: Int) -> Double {
        let runs = pixels.runs[...]
        func entries(columnShift: Int) -> Double {
            Double(
                area - RunLengths.overlapCount(runs, runs, rowShift: 1, columnShift: columnShift))
        }
        let horizontal = Double(runs.count)
        let diagonal = entries(columnShift: 1) + entries(columnShift: -1)
        return Double.pi / 4 * (horizontal + entries(columnShift: 0) + diagonal / 2.squareRoot())
    }
}
