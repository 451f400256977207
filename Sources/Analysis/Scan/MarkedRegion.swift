import Imaging
import Slides

/// A region as it waits for its grade: what a finding says of it, its pixels as they are stored. That is half a kilobyte,
/// and a large scan has tens of thousands.
struct MarkedRegion: Sendable {
    let boundingBox: PixelWindow
    let area: Int
    let centroidX: Double
    let centroidY: Double
    let perimeter: Double
    let eccentricity: Double
    let meanProbability: Double
    let maximumProbability: Double
    /// See `RunLengths.encoded()`.
    let encodedPixels: [UInt8]
    let shares: [RegionGrades.Share]
    /// Of the first pixel in reading order.
    private let firstColumn: Int

    init(_ region: Region, shares: [RegionGrades.Share]) {
        boundingBox = region.boundingBox
        area = region.area
        centroidX = region.centroidX
        centroidY = region.centroidY
        perimeter = region.perimeter
        eccentricity = region.eccentricity
        meanProbability = region.meanProbability
        maximumProbability = region.maximumProbability
        encodedPixels = region.pixels.encoded()
        self.shares = shares
        firstColumn = region.pixels.runs.first?.start ?? region.boundingBox.x
    }

    /// The order of listings: by row, then by column of the first pixel in reading order, which no two regions share.
    static func precedes(_ first: MarkedRegion, _ second: MarkedRegion) -> Bool {
        (first.boundingBox.y, first.firstColumn) < (second.boundingBox.y, second.firstColumn)
    }
}
