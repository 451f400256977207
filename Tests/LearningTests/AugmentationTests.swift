import Imaging
import NeuralNetworks
import Slides
import Testing

@testable import Learning

@Suite struct AugmentationTests {
    private func picture(_ side: Int, seed: UInt64 = 5) -> RGBImage {
        var random = SplitMix64(seed: seed)
        return RGBImage(
            width: side, height: side, pixels: (0..<3 * side * side).map { _ in UInt8(random.next(below: 256)) })
    }

    /// Without strength, a view is one of the eight symmetries to the last bit, and colours stay.
    @Test func mirrorsAndRightAnglesLoseNothing() {
        var random = SplitMix64(seed: 1)
        let (side, image) = (9, picture(9))
        var seen: Set<[UInt8]> = []
        for _ in 0..<64 {
            let view = TileView(&random, side: side, strength: 0)
            #expect(view.reach == side)
            let turned = view.sampled(image)
            seen.insert(turned.pixels)
            for y in 0..<side {
                for x in 0..<side {
                    let place = view.place(x: x, y: y)
                    let (column, row) = (Int(place.x.rounded()), Int(place.y.rounded()))
                    for channel in 0..<3 {
                        #expect(
                            turned.pixels[3 * (y * side + x) + channel]
                                == image.pixels[3 * (row * side + column) + channel])
                    }
                }
            }
            #expect(CameraJitter(&random, strength: 0).applied(to: image) == image)
        }
        #expect(seen.count == 8)
    }

    /// What a view shows lies in the square that is read for it, and a zoom stays within its limits.
    @Test func viewsStayWithinWhatIsRead() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<500 {
            let view = TileView(&random, side: 32, strength: 1)
            let reach = view.reach
            let back = view.pixel(x: view.place(x: 3, y: 20).x, y: view.place(x: 3, y: 20).y)
            #expect(abs(back.x - 3) < 1e-3 && abs(back.y - 20) < 1e-3)
            for (x, y) in [(0, 0), (31, 0), (0, 31), (31, 31), (15, 16)] {
                let place = view.place(x: x, y: y)
                #expect(
                    (-0.01...Float(reach) - 0.99).contains(place.x) && (-0.01...Float(reach) - 0.99).contains(place.y))
            }
            let (first, next) = (view.place(x: 0, y: 0), view.place(x: 1, y: 0))
            let step = ((next.x - first.x) * (next.x - first.x) + (next.y - first.y) * (next.y - first.y)).squareRoot()
            #expect((0.5...2.6).contains(step))
        }
    }

    @Test func colourChangesAreOfTheStrengthAskedFor() {
        func change(_ strength: Float) -> Double {
            var (random, sum) = (SplitMix64(seed: 3), 0)
            let image = RGBImage(width: 8, height: 8, red: 150, green: 90, blue: 140)
            for _ in 0..<40 {
                let changed = CameraJitter(&random, strength: strength).applied(
                    to: StainJitter(&random, strength: strength).applied(to: image))
                sum += zip(changed.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            }
            return Double(sum) / Double(40 * image.pixels.count)
        }
        #expect(change(0) <= 1)
        #expect(change(0.3) > 2 && change(1) > 2 * change(0.3))
    }

    @Test func deviatesHaveTheMeanAndDeviationOfTheirKind() {
        var random = SplitMix64(seed: 4)
        let values = (0..<20_000).map { _ in Double(random.nextDeviate()) }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.04)
    }

    @Test func aWayThroughAJPEGFileKeepsTheSizeAndNearlyTheLook() throws {
        let image = RGBImage(width: 20, height: 12, red: 150, green: 90, blue: 140)
        let decoded = try #require(image.recompressed(quality: 90))
        #expect(decoded.width == 20 && decoded.height == 12)
        #expect(zip(decoded.pixels, image.pixels).allSatisfy { abs(Int($0) - Int($1)) < 6 })
        #expect(decoded == image.recompressed(quality: 90))
    }
}
