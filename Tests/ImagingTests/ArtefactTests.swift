import Imaging
import NeuralNetworks
import Slides
import Testing

/// Drawn tissue with what hides it, at 2 um a pixel.
@Suite struct ArtefactTests {
    private static let (width, height) = (300, 240)

    /// Pink tissue with purple nuclei of 5 pixels, and noise; `change` makes another colour of some pixels.
    private func drawn(_ change: (Int, Int, [Int]) -> [Int] = { $2 }) -> RGBImage {
        var generator = SplitMix64(seed: 5)
        var nuclei = [Bool](repeating: false, count: Self.width * Self.height)
        for _ in 0..<900 {
            let (x, y) = (
                Int.random(in: 3..<Self.width - 3, using: &generator),
                Int.random(in: 3..<Self.height - 3, using: &generator)
            )
            for row in y - 2...y + 2 { for column in x - 2...x + 2 { nuclei[row * Self.width + column] = true } }
        }
        var pixels: [UInt8] = []
        for y in 0..<Self.height {
            for x in 0..<Self.width {
                let colour = change(x, y, nuclei[y * Self.width + x] ? [120, 70, 150] : [214, 160, 196])
                pixels += colour.map {
                    UInt8(clamping: $0 + (colour.count == 4 ? 0 : Int.random(in: -4...4, using: &generator)))
                }
                .prefix(3)
            }
        }
        return RGBImage(width: Self.width, height: Self.height, pixels: pixels)
    }

    private func areas(_ image: RGBImage) -> ArtefactAreas {
        ArtefactAreas(
            overview: image,
            tissue: MaskImage(
                width: Self.width, height: Self.height,
                pixels: [Bool](repeating: true, count: Self.width * Self.height)), micrometresPerPixel: 2)
    }

    /// Intersection over union with a part of the picture.
    private func agreement(_ mask: MaskImage, _ isMeant: (Int, Int) -> Bool) -> Double {
        let truth = mask.pixels.indices.map { isMeant($0 % Self.width, $0 / Self.width) }
        let both = zip(mask.pixels, truth).count { $0 && $1 }
        return Double(both) / Double(zip(mask.pixels, truth).count { $0 || $1 })
    }

    @Test func cleanTissueHasNone() {
        let areas = areas(drawn())
        #expect([areas.pen, areas.fold, areas.bubble].map(\.foregroundCount) == [0, 0, 0])
    }

    @Test(arguments: [[40, 150, 70], [30, 90, 190], [215, 30, 45]]) func penIsFound(_ ink: [Int]) {
        func isMarked(_ x: Int, _ y: Int) -> Bool { (100..<130).contains(x + y / 4) }
        // Two thirds of the ink, over the tissue.
        let areas = areas(
            drawn { x, y, colour in isMarked(x, y) ? zip(ink, colour).map { (3 * $0 + $1 / 4) / 3 } : colour })
        #expect(agreement(areas.pen, isMarked) > 0.8)
    }

    /// Over tissue and over glass; with edges that are out of focus.
    @Test(arguments: [false, true]) func blackPenIsFound(isOnGlass: Bool) {
        func distance(_ x: Int, _ y: Int) -> Int { abs(x + y / 5 - 150) }
        let areas = areas(
            drawn { x, y, colour in
                let below = isOnGlass ? [240, 241, 240] : colour
                let share = min(8, max(0, distance(x, y) - 26))
                return zip(below, [20, 18, 14]).map { ($0 * share + $1 * (8 - share)) / 8 }
            })
        #expect(agreement(areas.pen) { distance($0, $1) < 30 } > 0.85)
    }

    /// Pigment and dirt, 24 um across, and nuclei that lie on each other.
    @Test func whatIsSmallAndBlackIsNoPen() {
        func isBlack(_ x: Int, _ y: Int) -> Bool { x % 40 < 12 && y % 40 < 12 }
        #expect(areas(drawn { isBlack($0, $1) ? [25, 20, 22] : $2 }).pen.foregroundCount == 0)
        #expect(areas(drawn { x, _, colour in x < 150 ? [50, 15, 70] : colour }).pen.foregroundCount == 0)
    }

    @Test func foldsAreFound() {
        func isFolded(_ x: Int, _ y: Int) -> Bool { (140..<200).contains(x) && y > 30 }
        // Three layers: the light of one goes through it three times.
        let areas = areas(
            drawn { x, y, colour in isFolded(x, y) ? colour.map { $0 * $0 / 240 * $0 / 240 } : colour })
        #expect(agreement(areas.fold, isFolded) > 0.8)
        #expect(areas.pen.foregroundCount == 0 && areas.bubble.foregroundCount == 0)
    }

    @Test func bubblesAreFound() {
        func isBubble(_ x: Int, _ y: Int) -> Bool { (x - 150) * (x - 150) + (y - 120) * (y - 120) < 3_600 }
        // A fourth value: without noise.
        let areas = areas(drawn { x, y, colour in isBubble(x, y) ? [205, 180, 200, 0] : colour })
        #expect(agreement(areas.bubble, isBubble) > 0.7)
        #expect(areas.pen.foregroundCount == 0 && areas.fold.foregroundCount == 0)
    }

    @Test func blurredSquaresAreFound() {
        let sharp = drawn()
        var measure = BlurMeasure()
        for y in stride(from: 0, through: Self.height - 64, by: 64) {
            for x in stride(from: 0, through: Self.width - 64, by: 64) {
                let window = PixelWindow(x: x, y: y, width: 64, height: 64)
                let square = sharp.cropped(to: window)
                measure.add(x == 64 && y == 64 ? blurred(square) : square, at: window)
            }
        }
        #expect(measure.blurred == [PixelWindow(x: 64, y: 64, width: 64, height: 64)])
    }

    @Test func fewSquaresSayNothing() {
        var measure = BlurMeasure()
        let grey = RGBImage(width: 64, height: 64, red: 200, green: 200, blue: 200)
        measure.add(grey, at: PixelWindow(x: 0, y: 0, width: 64, height: 64))
        #expect(measure.blurred == [])
    }

    /// Twice the mean of 5 x 5 pixels.
    private func blurred(_ image: RGBImage) -> RGBImage {
        var pixels = image.pixels
        for _ in 0..<2 {
            let before = pixels
            for y in 0..<image.height {
                for x in 0..<image.width {
                    for channel in 0..<3 {
                        var (sum, count) = (0, 0)
                        for row in max(0, y - 2)...min(image.height - 1, y + 2) {
                            for column in max(0, x - 2)...min(image.width - 1, x + 2) {
                                sum += Int(before[3 * (row * image.width + column) + channel])
                                count += 1
                            }
                        }
                        pixels[3 * (y * image.width + x) + channel] = UInt8(sum / count)
                    }
                }
            }
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }
}
