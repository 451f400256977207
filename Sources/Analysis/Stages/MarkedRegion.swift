import Findings
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
    /// Of the class that its pixels belong to, among the card's.
    let classIndex: Int
    /// Of the first pixel in reading order.
    private let firstColumn: Int

    init(_ region: Region, classIndex: Int) {
        boundingBox = region.boundingBox
        area = region.area
        centroidX = region.centroidX
        centroidY = region.centroidY
        perimeter = region.perimeter
        eccentricity = region.eccentricity
        meanProbability = region.meanProbability
        maximumProbability = region.maximumProbability
        encodedPixels = region.pixels.encoded()
        self.classIndex = classIndex
        firstColumn = region.pixels.runs.first?.start ?? region.boundingBox.x
    }

    func pixels() throws(AnalysisFailure) -> RunLengths {
        do {
            return try RunLengths(decoding: encodedPixels)
        } catch {
            throw AnalysisFailure(error, stage: .measure)
        }
    }

    /// The order of listings: by row, then by column of the first pixel in reading order, which no two regions of one class
    /// share.
    static func precedes(_ first: MarkedRegion, _ second: MarkedRegion) -> Bool {
        (first.boundingBox.y, first.firstColumn, first.classIndex)
            < (second.boundingBox.y, second.firstColumn, second.classIndex)
    }
}
