import Imaging
import Testing

@Suite struct MaskOverlapTests {
    @Test func diceAndIntersectionOverUnion() {
        let overlap = MaskOverlap(first: 6, second: 4, intersection: 3)
        #expect(abs(overlap.dice - 0.6) < 1e-12)
        #expect(abs(overlap.intersectionOverUnion - 3.0 / 7) < 1e-12)
    }

    @Test func twoEmptyMasksAgree() {
        let empty = MaskOverlap(RunLengths(), RunLengths())
        #expect(empty.dice == 1 && empty.intersectionOverUnion == 1)
    }

    @Test func paintingLeavesOutWhatLiesOutside() {
        let mask = MaskImage(
            width: 4, height: 3,
            painting: [
                RunLengths(joining: [PixelRun(row: 1, start: 2, length: 9), PixelRun(row: 1, start: 90, length: 1)]),
                RunLengths(joining: [PixelRun(row: 7, start: 0, length: 1)]),
            ])
        #expect(mask.foreground == RunLengths(joining: [PixelRun(row: 1, start: 2, length: 2)]))
    }
}
