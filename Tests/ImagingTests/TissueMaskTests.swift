import Imaging
import NeuralNetworks
import Slides
import Testing

@Suite struct TissueMaskTests {
    /// A picture drawn pixel by pixel, with the noise of a camera.
    private func drawn(
        width: Int = 200, height: Int = 160, noise: Int = 3, _ colour: (Int, Int) -> (Int, Int, Int)
    ) -> RGBImage {
        var generator = SplitMix64(seed: 11)
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = colour(x, y)
                for value in [red, green, blue] {
                    pixels.append(UInt8(clamping: value + Int.random(in: -noise...noise, using: &generator)))
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private func mask(_ image: RGBImage) -> TissueMask {
        TissueMask(overview: image, fullWidth: image.width * 10, fullHeight: image.height * 10)
    }

    private static let pink = (214, 160, 196)
    private static let purple = (120, 70, 150)
    private static let glass = (243, 242, 245)

    @Test func tissueOnGlassIsFound() {
        let found = mask(
            drawn { x, y in
                (x - 100) * (x - 100) + (y - 80) * (y - 80) < 2_500 ? Self.pink : Self.glass
            })
        #expect(abs(found.share - 3.1416 * 2_500 / 32_000) < 0.02)
        #expect(found.share(in: PixelWindow(x: 900, y: 700, width: 200, height: 200)) == 1)
        #expect(found.share(in: PixelWindow(x: 0, y: 0, width: 300, height: 300)) == 0)
        #expect(abs(found.share(in: PixelWindow(x: 0, y: 0, width: 2_000, height: 1_600)) - found.share) < 1e-9)
    }

    @Test(arguments: [(214, 160, 196), (238, 214, 230), (60, 30, 90)])
    func aScanThatIsAllTissueComesOutAsAllTissue(_ colour: (Int, Int, Int)) {
        let found = mask(drawn { x, y in (x / 12 + y / 9) % 3 == 0 ? Self.purple : colour })
        #expect(found.share > 0.99)
    }

    @Test func paleTissueIsFoundFromALowerThreshold() {
        let image = drawn(noise: 0) { x, _ in x < 100 ? (240, 232, 238) : Self.glass }
        let asUsual = mask(image)
        #expect(!asUsual.hasTissue)
        #expect(asUsual.saturation?.greatest == 8 && asUsual.saturation?.threshold == 12)
        #expect(asUsual.saturation?.shareAbove == 0)
        let options = TissueMask.Options(minimumSaturation: 6)
        let lower = TissueMask(overview: image, fullWidth: 200, fullHeight: 160, options: options)
        #expect(abs(lower.share - 0.5) < 0.02)
    }

    @Test func luminaInTissueAreTissue() {
        let found = mask(
            drawn { x, y in (x % 50 - 25) * (x % 50 - 25) + (y % 40 - 20) * (y % 40 - 20) < 150 ? Self.glass : Self.pink
            })
        #expect(found.share > 0.99)
    }

    @Test(arguments: [(243, 242, 245), (255, 255, 255), (190, 192, 188), (240, 236, 226), (0, 0, 0), (4, 4, 4)])
    func blankGlassAndBlackAreNoTissue(_ colour: (Int, Int, Int)) {
        let found = mask(drawn { _, _ in colour })
        #expect(!found.hasTissue && found.share == 0)
    }

    @Test(arguments: [(1, 1), (5, 3), (16, 40)])
    func aTinyScanCanBeTissue(width: Int, height: Int) {
        #expect(mask(drawn(width: width, height: height) { _, _ in Self.purple }).share == 1)
    }

    @Test func dustIsDropped() {
        let found = mask(drawn { x, y in x % 40 < 4 && y % 40 < 4 ? Self.purple : Self.glass })
        #expect(!found.hasTissue)
    }

    @Test func greyTissueIsFound() {
        let found = mask(drawn { x, _ in x < 100 ? (140, 140, 140) : (244, 244, 244) })
        #expect(abs(found.share - 0.5) < 0.02)
    }

    @Test func windowsOutsideAreAnsweredFromTheEdge() {
        let everything = TissueMask.everything(fullWidth: 70, fullHeight: 30)
        #expect(everything.share == 1)
        #expect(everything.share(in: PixelWindow(x: 64, y: 0, width: 32, height: 64)) == 1)
    }

    @Test(arguments: [1, 7, 64, 1_000])
    func anOverviewAveragesSquares(maximumSide: Int) throws {
        let image = drawn(width: 131, height: 70) { x, y in (x, y, (x * y) % 256) }
        let overview = try Overview(of: image, maximumSide: maximumSide)
        let factor = overview.factor
        #expect(max(overview.image.width, overview.image.height) <= maximumSide)
        var differences = 0
        for y in 0..<overview.image.height {
            for x in 0..<overview.image.width {
                var (sum, count) = (0, 0)
                for row in y * factor..<min((y + 1) * factor, 70) {
                    for column in x * factor..<min((x + 1) * factor, 131) {
                        sum += Int(image.pixels[3 * (row * 131 + column) + 2])
                        count += 1
                    }
                }
                let averaged = Int(overview.image.pixels[3 * (y * overview.image.width + x) + 2])
                if averaged != (sum + count / 2) / count { differences += 1 }
            }
        }
        #expect(differences == 0)
    }
}
