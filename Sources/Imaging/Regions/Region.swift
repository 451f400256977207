import Slides

/// A connected set of pixels that a segmentation marked, with its measurements, in pixels of the map it was found in.
public struct Region: Sendable, Hashable {
    /// Exactly the pixels.
    public let pixels: RunLengths
    public let boundingBox: PixelWindow
    /// Number of pixels.
    public let area: Int
    /// The mean of the pixels' centres; the centre of the pixel in column x is x + 0.5.
    public let centroidX: Double
    public let centroidY: Double
    /// Length of the outline and of the holes' outlines, in pixels, see ``RegionGeometry/perimeter``.
    public let perimeter: Double
    /// 0 for a circle, towards 1 for a line, see ``RegionGeometry/eccentricity``.
    public let eccentricity: Double
    /// Mean probability of the pixels at or above the threshold.
    public let meanProbability: Double
    public let maximumProbability: Double

    /// - Precondition: there is at least one pixel.
    public init(pixels: RunLengths, meanProbability: Double, maximumProbability: Double) {
        let geometry = RegionGeometry(of: pixels)
        self.pixels = pixels
        boundingBox = geometry.boundingBox
        area = geometry.area
        centroidX = geometry.centroidX
        centroidY = geometry.centroidY
        perimeter = geometry.perimeter
        eccentricity = geometry.eccentricity
        self.meanProbability = meanProbability
        self.maximumProbability = maximumProbability
    }
}
