import Foundation
import Imaging
import Testing

/// Pictures of the same tissue are found, however they were altered, and no others.
@Suite struct TissueSearchTests {
    /// A picture of discs at places that a seed gives.
    private struct Discs {
        let side: Int
        private var discs: [(x: Double, y: Double, radius: Double, grey: Double)] = []

        init(seed: UInt64, side: Int = 160) {
            self.side = side
            // An LCG after Knuth; the upper bits are the random ones.
            var state = seed &* 977
            func random(_ range: ClosedRange<Double>) -> Double {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return range.lowerBound + Double(state >> 11) / 0x1p53 * (range.upperBound - range.lowerBound)
            }
            for _ in 0..<220 {
                discs.append(
                    (random(0...Double(side)), random(0...Double(side)), random(2...9), random(40...230)))
            }
        }

        /// - Parameters:
        ///   - place: where in the picture what is seen at a place of the view lies.
        ///   - contrast: what brightness is raised to, from 0 to 1.
        func view(
            _ width: Int, _ height: Int, contrast: Double = 1, _ place: (Double, Double) -> (Double, Double)
        ) -> GreyImage {
            let pixels = (0..<width * height).map { index -> UInt8 in
                var sum = 0.0
                for sample in 0..<4 {
                    let (x, y) = place(
                        Double(index % width) + 0.25 + 0.5 * Double(sample % 2),
                        Double(index / width) + 0.25 + 0.5 * Double(sample / 2))
                    let disc = discs.last { disc in
                        let (dx, dy) = (disc.x - x, disc.y - y)
                        return dx * dx + dy * dy < disc.radius * disc.radius
                    }
                    sum += disc?.grey ?? 240
                }
                return UInt8(255 * pow(sum / 4 / 255, contrast))
            }
            return GreyImage(width: width, height: height, pixels: pixels)
        }

        var whole: GreyImage { view(side, side) { ($0, $1) } }
    }

    private static func pairs(_ pictures: [GreyImage]) -> [TissueSearch.Pair] {
        var search = TissueSearch(threads: 2)
        search.add(pictures)
        return search.pairs()
    }

    @Test func alteredCopiesAreFoundAndNothingElse() {
        let discs = Discs(seed: 1)
        let others = (2...4).map { Discs(seed: $0).whole }
        let turned = discs.view(160, 160) { (160 - $1, $0) }
        let mirrored = discs.view(160, 160) { (160 - $0, $1) }
        // 60 % of the area, from the lower right, larger and of another contrast.
        let cropped = discs.view(186, 186, contrast: 1.6) { (36 + $0 / 1.5, 36 + $1 / 1.5) }
        let pairs = Self.pairs(others + [discs.whole, turned, mirrored, cropped])
        let altered = pairs.filter { $0.first == 3 }
        #expect(altered.map(\.second) == [4, 5, 6])
        #expect(altered.map(\.shared.isMirrored) == [false, true, false])
        #expect(altered.allSatisfy { $0.shared.share > 0.95 && $0.shared.places >= 20 })
        // To lie in the first, the turned one is turned on by a quarter.
        #expect(altered.first.map { abs($0.shared.degrees - 90) < 2 } == true)
        #expect(pairs.allSatisfy { $0.first >= 3 })
    }

    @Test func neighbouringFieldsAreNoCopies() {
        let wide = Discs(seed: 5, side: 260)
        let left = wide.view(160, 160) { ($0, $1) }
        let right = wide.view(160, 160) { ($0 + 80, $1) }
        #expect(Self.pairs([left, right]).isEmpty)
    }

    @Test func whatShowsNothingIsNotCompared() throws {
        let glass = GreyImage(width: 90, height: 70, pixels: [UInt8](repeating: 240, count: 90 * 70))
        var search = TissueSearch(threads: 1)
        search.add([glass, glass, Discs(seed: 1).whole])
        #expect((0..<3).map(search.isRecognisable) == [false, false, true])
        #expect(search.pairs().isEmpty)
        #expect(Self.pairs([]).isEmpty)
    }
}
