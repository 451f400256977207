import Imaging
import NeuralNetworks
import Slides
import Testing

@Suite struct RunLengthsTests {
    private func randomRuns(seed: UInt64, count: Int, side: Int) -> RunLengths {
        var generator = SplitMix64(seed: seed)
        return RunLengths(
            joining: (0..<count).map { _ in
                PixelRun(
                    row: Int.random(in: 0..<side, using: &generator),
                    start: Int.random(in: 0..<side, using: &generator),
                    length: Int.random(in: 1...max(1, side / 8), using: &generator))
            })
    }

    @Test func joiningIsTheUnionOfPixels() {
        let joined = RunLengths(joining: [
            PixelRun(row: 2, start: 5, length: 3), PixelRun(row: 1, start: 4, length: 2),
            PixelRun(row: 2, start: 8, length: 1), PixelRun(row: 2, start: 6, length: 1),
            PixelRun(row: 2, start: 10, length: 2),
        ])
        #expect(
            joined.runs == [
                PixelRun(row: 1, start: 4, length: 2), PixelRun(row: 2, start: 5, length: 4),
                PixelRun(row: 2, start: 10, length: 2),
            ])
        #expect(joined.pixelCount == 8)
        #expect(joined.boundingBox == PixelWindow(x: 4, y: 1, width: 8, height: 2))
    }

    @Test(arguments: [(1, 10), (50, 40), (2_000, 1_000), (3_000, 100_000)])
    func encodingComesBack(count: Int, side: Int) throws {
        let pixels = randomRuns(seed: UInt64(count), count: count, side: side)
        #expect(try RunLengths(decoding: pixels.encoded()) == pixels)
    }

    @Test func noPixelsAndTheFarthestPixelCanBeEncoded() throws {
        #expect(try RunLengths(decoding: RunLengths().encoded()) == RunLengths())
        let far = RunLengths(joining: [
            PixelRun(row: Int(Int32.max) - 1, start: Int(Int32.max) - 1, length: 1)
        ])
        #expect(try RunLengths(decoding: far.encoded()) == far)
    }

    @Test func aCompactRegionTakesAboutThreeBytesARow() {
        let disc = RunLengths(
            joining: (0..<200).map { PixelRun(row: 900 + $0, start: 3_000 - $0 / 2, length: 20 + $0) })
        #expect(disc.encoded().count < 4 * 200 + 16)
    }

    @Test(
        arguments: [
            ([], "cut off"), ([0, 0], "version"), ([2, 0], "version"), ([1], "cut off"), ([1, 0, 0], "after the last"),
            ([1, 1], "more runs"), ([1, 1, 0, 0], "more runs"), ([1, 0x80, 0x00, 0, 0, 0, 0, 0, 0], "needless"),
            ([1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "five bytes"),
            ([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2, 3], "more runs"),
            // A start left of column 0, a row past 2^31, an end past 2^31.
            ([1, 1, 0, 1, 0], "outside"),
            ([1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0], "outside"),
            ([1, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "outside"),
        ] as [([UInt8], String)])
    func damagedEncodingsAreRefused(bytes: [UInt8], reason: String) {
        #expect {
            try RunLengths(decoding: bytes)
        } throws: { error in
            "\(error)".contains(reason)
        }
    }

    @Test func anyBytesDecodeToWhatEncodesToThemOrAreRefused() {
        let valid = randomRuns(seed: 8, count: 40, side: 50).encoded()
        var generator = SplitMix64(seed: 9)
        var differences = 0
        for _ in 0..<2_000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0...3, using: &generator))
            if let decoded = try? RunLengths(decoding: bytes), decoded.encoded() != bytes { differences += 1 }
        }
        #expect(differences == 0)
    }

    @Test func intersectionsAgreeWithMasks() {
        for seed in 0..<20 as Range<UInt64> {
            let one = randomRuns(seed: seed, count: 60, side: 64)
            let two = randomRuns(seed: seed + 100, count: 60, side: 64)
            let masks = [one, two].map { MaskImage(width: 80, height: 64, painting: [$0]) }
            #expect(masks[0].foreground == one)
            #expect(MaskOverlap(one, two) == MaskOverlap(masks[0], masks[1]))
        }
    }
}
