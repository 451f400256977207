import Imaging
import NeuralNetworks
import Slides
import Testing

@Suite struct ResamplingTests {
    /// A picture whose profile makes its negative: by what is not linear, so that it shows which comes first.
    private struct Profiled: PixelSource {
        let image: RGBImage
        var width: Int { image.width }
        var height: Int { image.height }

        static func corrected(_ pixels: inout [UInt8]) { pixels = pixels.map { $0 < 100 ? 0 : 255 - $0 } }

        var stored: StoredColours? { StoredColours(image, correct: Self.corrected) }

        func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
            StoredColours(image, correct: Self.corrected).corrected(try image.pixels(in: window))
        }
    }

    @Test func aProfileIsAppliedToWhatWasAveraged() throws {
        let source = Profiled(image: drawn(width: 48, height: 40))
        func expected(_ image: RGBImage) -> RGBImage {
            StoredColours(image, correct: Profiled.corrected).corrected(image)
        }
        let window = PixelWindow(x: 2, y: 3, width: 9, height: 7)
        #expect(
            try ResampledSource(source, scale: 2).pixels(in: window)
                == expected(ResampledSource(source.image, scale: 2).pixels(in: window)))
        #expect(try ResampledSource(source, scale: 1).pixels(in: window) == source.pixels(in: window))
        #expect(
            try Overview(of: source, maximumSide: 12).image
                == expected(Overview(of: source.image, maximumSide: 12).image))
    }

    private func drawn(width: Int, height: Int) -> RGBImage {
        var generator = SplitMix64(seed: 21)
        return RGBImage(
            width: width, height: height,
            pixels: (0..<3 * width * height).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    @Test(arguments: [0.3, 0.71, 1.0, 1.37, 2.0, 5.5])
    func aPixelDoesNotDependOnItsWindow(scale: Double) throws {
        let source = try ResampledSource(drawn(width: 90, height: 70), scale: scale)
        let whole = try source.pixels(in: PixelWindow(x: 0, y: 0, width: source.width, height: source.height))
        for window in [
            PixelWindow(x: 0, y: 0, width: 5, height: 9), PixelWindow(x: 3, y: 2, width: 11, height: 10),
            PixelWindow(x: source.width - 7, y: source.height - 6, width: 7, height: 6),
        ] {
            #expect(try source.pixels(in: window) == whole.cropped(to: window))
        }
    }

    @Test(arguments: [0.4, 1.9, 3.0])
    func oneColourStaysThatColour(scale: Double) throws {
        let source = try ResampledSource(RGBImage(width: 40, height: 31, red: 201, green: 7, blue: 255), scale: scale)
        let pixels = try source.pixels(in: PixelWindow(x: 0, y: 0, width: source.width, height: source.height))
        #expect(pixels == RGBImage(width: source.width, height: source.height, red: 201, green: 7, blue: 255))
    }

    @Test func coarserPixelsAreMeansOverTheirArea() throws {
        let image = RGBImage(
            width: 3, height: 2, pixels: [0, 0, 0, 90, 90, 90, 30, 30, 30, 0, 0, 0, 90, 90, 90, 60, 60, 60])
        let pixels = try ResampledSource(image, width: 2, height: 1).pixels(
            in: PixelWindow(x: 0, y: 0, width: 2, height: 1))
        // Each new pixel covers one and a half columns: (0 + 90 / 2) / 1.5, and (90 / 2 + 45) / 1.5.
        #expect(pixels.pixels == [30, 30, 30, 60, 60, 60])
    }

    /// A quarter of 1,001 columns, rounded up to 251, shows the image to its 250.25th column.
    @Test func aRoundedLevelShowsTheImageToItsTrueEnd() throws {
        // Black from column 920 of the full resolution on.
        let row = (0..<251).flatMap { [UInt8](repeating: $0 < 230 ? 255 : 0, count: 3) }
        let level = RGBImage(width: 251, height: 2, pixels: row + row)
        let extent = PixelExtent(width: 250.25, height: 2)
        let coarse = ResampledSource(level, width: 125, height: 1, extent: extent)
        let pixels = try coarse.pixels(in: PixelWindow(x: 113, y: 0, width: 3, height: 1)).pixels
        // Column 114 shows columns 912.9 to 920.9 of the full resolution.
        let share = (920 - 114 * 1001.0 / 125) / (1001.0 / 125)
        #expect(pixels[0] == 255 && pixels[6] == 0)
        #expect(abs(Double(pixels[3]) - 255 * share) <= 1)
    }

    @Test func bicubicInterpolationKeepsARamp() throws {
        let row = (0..<32 as Range<UInt8>).flatMap { [UInt8](repeating: 8 * $0, count: 3) }
        let image = RGBImage(width: 32, height: 4, pixels: row + row + row + row)
        let finer = try ResampledSource(image, width: 64, height: 8).pixels(
            in: PixelWindow(x: 4, y: 2, width: 56, height: 4))
        for x in 0..<56 {
            let expected = 8 * ((Double(x + 4) + 0.5) / 2 - 0.5)
            #expect(abs(Double(finer.pixels[3 * x]) - expected) <= 0.51)
        }
    }

    @Test(arguments: [(100, 80), (37, 29), (61, 200), (60, 50), (1, 1)])
    func probabilitiesAreRescaledWhateverTheBands(width: Int, height: Int) {
        let values = (0..<60 * 50).map { (index: Int) -> Float in Float(index % 97) / 97 }
        func rescaled(rowsPerBand: Int, columnsPerBlock: Int = 60) -> [Float] {
            var rescaler = ProbabilityRescaler(fromWidth: 60, fromHeight: 50, toWidth: width, toHeight: height)
            var result = ProbabilityMap(width: width, height: height)
            for y in stride(from: 0, to: 50, by: rowsPerBand) {
                let rows = y..<min(y + rowsPerBand, 50)
                for x in stride(from: 0, to: 60, by: columnsPerBlock) {
                    let columns = x..<min(x + columnsPerBlock, 60)
                    let part = rows.flatMap { values[$0 * 60 + x..<$0 * 60 + columns.upperBound] }
                    rescaler.add(ProbabilityBlock(rows: rows, columns: columns, values: part)) { result.add($0) }
                }
            }
            #expect(result.isComplete)
            return result.values
        }
        let whole = rescaled(rowsPerBand: 50)
        #expect(whole.count == width * height)
        #expect(rescaled(rowsPerBand: 1) == whole)
        #expect(rescaled(rowsPerBand: 7) == whole)
        #expect(rescaled(rowsPerBand: 7, columnsPerBlock: 13) == whole)
        #expect(rescaled(rowsPerBand: 1, columnsPerBlock: 1) == whole)
        if (width, height) == (60, 50) { #expect(whole == values) }
        #expect(whole.allSatisfy { (0...1).contains($0) })
    }

    @Test func aLinearMapStaysLinear() {
        var rescaler = ProbabilityRescaler(fromWidth: 10, fromHeight: 10, toWidth: 25, toHeight: 20)
        let values = (0..<100).map { (index: Int) -> Float in Float(index % 10 + index / 10) / 18 }
        var result = ProbabilityMap(width: 25, height: 20)
        rescaler.add(ProbabilityBlock(rows: 0..<10, columns: 0..<10, values: values)) { result.add($0) }
        for y in 2..<18 {
            for x in 2..<23 {
                let expected = ((Double(x) + 0.5) / 2.5 - 0.5 + (Double(y) + 0.5) / 2 - 0.5) / 18
                #expect(abs(Double(result.values[y * 25 + x]) - expected) < 1e-5)
            }
        }
    }
}
