import Imaging
import Slides
import Testing

@Suite struct QualityMeasuresTests {
    private func checked(width: Int = 96, height: Int = 64, blur: Int = 0) -> RGBImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                var level = 0
                for dx in -blur...blur { level += (max(0, x + dx) / 6 + y / 6) % 2 == 0 ? 90 : 210 }
                let mean = UInt8(level / (2 * blur + 1))
                pixels += [mean, mean / 2, mean]
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private func measures(_ image: RGBImage) -> QualityMeasures {
        QualityMeasures(
            overview: image, tissue: .everything(fullWidth: image.width, fullHeight: image.height), focus: nil)
    }

    @Test func blurLowersBothMeasuresOfFocus() throws {
        let sharp = try #require(FocusMeasure(of: checked()))
        let soft = try #require(FocusMeasure(of: checked(blur: 2)))
        #expect(soft.laplacianVariance < 0.5 * sharp.laplacianVariance)
        #expect(soft.tenengrad < 0.7 * sharp.tenengrad)
        #expect(FocusMeasure(of: RGBImage(width: 2, height: 9, red: 0, green: 0, blue: 0)) == nil)
        #expect(FocusMeasure.median(of: [sharp, soft, soft]) == soft)
    }

    @Test func focusIsMeasuredWhereThereIsTissue() {
        let glass = RGBImage(width: 100, height: 100, red: 244, green: 243, blue: 245)
        let blank = TissueMask(overview: glass, fullWidth: 10_000, fullHeight: 10_000)
        #expect(FocusMeasure.windows(in: blank, width: 10_000, height: 10_000, count: 9, side: 256).isEmpty)
        let everywhere = TissueMask.everything(fullWidth: 10_000, fullHeight: 10_000)
        let windows = FocusMeasure.windows(in: everywhere, width: 10_000, height: 10_000, count: 9, side: 256)
        #expect(Set(windows).count == 9)
        let small = TissueMask.everything(fullWidth: 100, fullHeight: 40)
        #expect(
            FocusMeasure.windows(in: small, width: 100, height: 40, count: 9, side: 256)
                == [PixelWindow(x: 0, y: 0, width: 100, height: 40)])
    }

    @Test(
        arguments: [
            ((30, 140, 60), true), ((20, 60, 200), true), ((210, 20, 25), true), ((60, 180, 190), true),
            ((214, 160, 196), false), ((120, 70, 150), false), ((60, 30, 90), false), ((190, 60, 90), false),
            ((130, 90, 60), false), ((244, 243, 245), false), ((10, 10, 12), false), ((120, 145, 185), false),
        ] as [((Int, Int, Int), Bool)])
    func penMarksAreToldFromStains(_ colour: (Int, Int, Int), isInk: Bool) {
        let picture = RGBImage(
            width: 10, height: 10, red: UInt8(colour.0), green: UInt8(colour.1), blue: UInt8(colour.2))
        #expect(measures(picture).values[.penMarkings] == (isInk ? 1 : 0))
    }

    @Test func strongerStainsHaveGreaterDensity() throws {
        let pale = measures(RGBImage(width: 9, height: 9, red: 225, green: 190, blue: 215)).values
        let strong = measures(RGBImage(width: 9, height: 9, red: 150, green: 80, blue: 160)).values
        #expect(try #require(strong[.hematoxylinMean]) > 2 * #require(pale[.hematoxylinMean]))
        #expect(strong[.tissueShare] == 1 && strong[.pixelsToUse] == 81)
        #expect(strong[.laplacianVariance] == nil)
    }

    @Test func darkAndClippedTissueIsCounted() {
        let half = RGBImage(
            width: 10, height: 10, pixels: (0..<300).map { $0 < 150 ? 5 : ($0 % 3 == 0 ? 255 : 200) })
        #expect(measures(half).values[.dark] == 0.5)
        #expect(measures(half).values[.brightestPixels] == 0.5)
    }
}
