import Slides
import TIFF
import Testing

/// Alpha that hides a whole image was meant by nobody: the fourth byte of a program's 32-bit pixels, say.
@Suite struct TransparencyTests {
    private func scan(_ pixel: [UInt8], _ change: (inout TIFFPageLayout) -> Void = { _ in }) throws -> any ScanFile {
        try DrawnTIFF.scan([DrawnTIFF.Page(64, 48, pixel, change)])
    }

    private static let alphas: [ExtraSample?] = [.unassociatedAlpha, .associatedAlpha, nil]

    @Test(arguments: alphas, [PlanarConfiguration.contiguous, .separate])
    func coloursThatAreAllHiddenAreShown(_ alpha: ExtraSample?, _ planes: PlanarConfiguration) throws {
        let scan = try scan([1, 2, 3, 0]) {
            $0.extraSamples = alpha.map { [$0] } ?? []
            $0.planarConfiguration = planes
        }
        #expect(try scan.firstPixel() == [1, 2, 3])
        #expect(
            try scan.remarks(on: scan.mainPyramid()) == ["transparency was ignored: it would hide all of the image"])
    }

    @Test(arguments: [[0, 0, 0, 0], [1, 2, 3, 1]] as [[UInt8]]) func otherAlphaIsMeant(_ pixel: [UInt8]) throws {
        let scan = try scan(pixel) { $0.extraSamples = [.unassociatedAlpha] }
        #expect(try scan.firstPixel().allSatisfy { $0 > 250 })
        #expect(try scan.remarks(on: scan.mainPyramid()) == [])
    }
}
