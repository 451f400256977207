import Slides
import TIFF
import Testing

/// Pixels of several channels that the file calls grey.
@Suite struct GreyChannelsTests {
    /// As tifffile writes an array whose photometric interpretation nobody named.
    @Test(arguments: [[], [.unspecified, .unspecified]] as [[ExtraSample]])
    func threeGreysInAPixelAreColours(extra: [ExtraSample]) throws {
        let scan = try DrawnTIFF.scan([
            DrawnTIFF.Page(64, 48, [200, 100, 150]) {
                $0.photometricInterpretation = .minIsBlack
                $0.extraSamples = extra
            }
        ])
        #expect(try scan.firstPixel() == [200, 100, 150])
    }

    /// Two as tifffile writes the channels of a fluorescence camera: the first alone would be another picture.
    @Test(arguments: [2, 4, 5], [PhotometricInterpretation.minIsBlack, .minIsWhite])
    func otherNumbersOfGreysInAPixelAreRefused(count: Int, photometric: PhotometricInterpretation) throws {
        let scan = try DrawnTIFF.scan([
            DrawnTIFF.Page(64, 48, (0..<count).map { UInt8(40 * $0) }) {
                $0.photometricInterpretation = photometric
                $0.extraSamples = [ExtraSample](repeating: .unspecified, count: count - 1)
            }
        ])
        let error = #expect(throws: SlideError.self) { try scan.firstPixel() }
        #expect(error?.description.contains("\(count) grey channels in a pixel") == true)
    }

    @Test(arguments: [ExtraSample.associatedAlpha, .unassociatedAlpha]) func aGreyWithAlphaIsGrey(extra: ExtraSample)
        throws
    {
        let scan = try DrawnTIFF.scan([DrawnTIFF.Page(64, 48, [100, 255]) { $0.extraSamples = [extra] }])
        #expect(try scan.firstPixel() == [100, 100, 100])
        let second = try DrawnTIFF.scan([
            DrawnTIFF.Page(64, 48, [100, 50, 255]) {
                $0.photometricInterpretation = .minIsBlack
                $0.extraSamples = [.unspecified, extra]
            }
        ])
        #expect(throws: SlideError.self) { try second.firstPixel() }
    }
}
