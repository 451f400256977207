import Imaging
import NeuralNetworks
import Testing

@Suite struct RunLengthSetTests {
    /// Against pixels one by one.
    @Test func whatIsTakenAwayIsGoneAndNothingElse() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let (width, height) = (1 + random.next(below: 12), 1 + random.next(below: 6))
            func drawn() -> MaskImage {
                MaskImage(
                    width: width, height: height, pixels: (0..<width * height).map { _ in random.next(below: 3) > 0 })
            }
            let (one, two) = (drawn(), drawn())
            let expected = MaskImage(
                width: width, height: height, pixels: zip(one.pixels, two.pixels).map { $0 && !$1 })
            #expect(one.foreground.subtracting(two.foreground) == expected.foreground)
        }
    }

    @Test func nothingHasNoComponents() {
        #expect(RunLengths().components.isEmpty)
        #expect(RunLengths(joining: [PixelRun(row: 4, start: 2, length: 3)]).components.count == 1)
    }
}
