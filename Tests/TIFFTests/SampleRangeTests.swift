import TIFF
import TestSupport
import Testing

/// Words that hold fewer bits than they have.
@Suite struct SampleRangeTests {
    /// 64 x 64 grey words from 0 to `greatest`.
    private static func ramp(
        to greatest: Int, bits: Int = 16, format: SampleFormat = .unsigned, samples: Int = 1,
        _ change: (inout TIFFPageLayout) -> Void = { _ in }
    ) throws -> PatchedTIFF {
        var layout = TIFFPageLayout(
            width: 64, height: 64, samplesPerPixel: samples, bitsPerSample: bits, sampleFormat: format)
        layout.organisation = .tiles(width: 16, height: 16)
        layout.software = "x"
        change(&layout)
        let bytes = (0..<4096).flatMap { pixel in
            let value = greatest * pixel / 4095
            return (0..<samples * bits / 8).map { UInt8(truncatingIfNeeded: value >> (8 * ($0 % (bits / 8)))) }
        }
        return try PatchedTIFF(layout, samples: bytes)
    }

    private func read(_ file: PatchedTIFF) throws -> (last: UInt8?, remark: String?) {
        let temporary = try TemporaryFile(file.bytes)
        let reader = try TIFFReader(path: temporary.path)
        let directory = try #require(reader.directories.first).get()
        return (try reader.wholeRGB().last, try reader.sampleRange(of: directory).remark)
    }

    @Test(arguments: [
        (255, 8), (1_000, 10), (1_023, 10), (1_200, 12), (3_900, 12), (4_095, 12), (16_383, 14), (9_000, 14),
    ]) func theValuesTell(_ greatest: Int, _ bits: Int) throws {
        let (last, remark) = try read(try Self.ramp(to: greatest))
        #expect(last == UInt8((Double(greatest) * 255 / Double(1 << bits - 1)).rounded()))
        #expect(remark == "values up to \(1 << bits - 1): read as \(bits) bits")
    }

    @Test func sixteenBitsStayAsTheyAre() throws {
        for greatest in [16_500, 65_535] {
            let (last, remark) = try read(try Self.ramp(to: greatest))
            #expect(last == UInt8((Double(greatest) / 257).rounded()))
            #expect(remark == nil)
        }
    }

    /// MaxSampleValue: the depth, a little more, the greatest that occurs, all the bits, or too little.
    @Test(arguments: [(4_095, 12), (4_096, 12), (3_900, 12), (65_535, 10), (255, 10), (9_000, 14)])
    func theFileTells(_ told: Int, _ bits: Int) throws {
        var file = try Self.ramp(to: 900)
        try file.replace(305, by: 281, told)
        #expect(try read(file).remark == "values up to \(1 << bits - 1): read as \(bits) bits")
        var signed = try Self.ramp(to: 900)
        try signed.replace(305, by: 341, told)
        #expect(try read(signed).remark == "values up to \(1 << bits - 1): read as \(bits) bits")
    }

    /// Grey words of one value, with two tags that may become others.
    private static func even(_ word: [UInt8], _ format: SampleFormat) throws -> PatchedTIFF {
        var layout = TIFFPageLayout(width: 16, height: 16, bitsPerSample: 16, sampleFormat: format)
        layout.software = "x"
        layout.resolution = TIFFResolution(x: 1, y: 1, unit: .none)
        return try PatchedTIFF(layout, samples: (0..<256).flatMap { _ in word })
    }

    /// A range that is no depth: tags 340 and 341, or the older 280 and 281.
    @Test(arguments: [
        (340, 1_000, 341, 5_000, 64), (280, 1_000, 281, 5_000, 64), (340, 30_000, 341, 60_000, 0),
        (340, 0, 341, 5_000, 102), (340, 0, 341, 32_000, 16),
    ])
    func theFileTellsARange(_ least: Int, _ low: Int, _ greatest: Int, _ high: Int, _ expected: UInt8) throws {
        let value = max(low, 2_000)
        var file = try Self.even([UInt8(truncatingIfNeeded: value), UInt8(value >> 8)], .unsigned)
        try file.replace(305, by: least, low)
        try file.replace(296, by: greatest, high)
        let (last, remark) = try read(file)
        #expect(last == expected)
        #expect(
            remark
                == "values from \(Double(low)) to \(Double(high)), by the file: the least was read as black, the greatest as "
                + "white")
    }

    /// Values that do not keep to it tell more.
    @Test func aRangeThatTheValuesLeaveIsNotBelieved() throws {
        var file = try Self.ramp(to: 4_000)
        try file.replace(305, by: 340, 3_000)
        #expect(try read(file).remark == "values up to 4095: read as 12 bits")
    }

    @Test func aRangeMayBeginBelowZero() throws {
        var file = try Self.even([0, 0], .signed)
        try file.replace(305, by: 340, type: 8, -1_000 & 0xFFFF)
        try file.replace(296, by: 341, type: 8, 1_000)
        #expect(try read(file).last == 128)
    }

    /// Words of 32 bits that hold 20 are not black.
    @Test func wideWordsAreReadByTheBitsThatTheyNeed() throws {
        let (last, remark) = try read(try Self.ramp(to: 1_000_000, bits: 32))
        #expect(last == 243)
        #expect(remark == "values up to 1048575: read as 20 bits")
    }

    @Test(arguments: [(32, SampleFormat.unsigned), (16, .signed), (32, .signed)])
    func otherWordsAreLikewise(_ bits: Int, _ format: SampleFormat) throws {
        let (last, remark) = try read(try Self.ramp(to: 4_095, bits: bits, format: format))
        #expect(last == 255)
        #expect(remark == "values up to 4095: read as 12 bits")
    }

    /// Of min-is-white, planes and alpha: alpha has no say.
    @Test func everyKindOfPixelIsLookedAt() throws {
        let inverted = try read(try Self.ramp(to: 4_095) { $0.photometricInterpretation = .minIsWhite })
        #expect(inverted.last == 0)
        let planes = try Self.ramp(to: 4_095, samples: 3) { $0.planarConfiguration = .separate }
        #expect(try read(planes).last == 255)
        var layout = TIFFPageLayout(width: 32, height: 32, samplesPerPixel: 4, bitsPerSample: 16)
        layout.extraSamples = [.unassociatedAlpha]
        let pixel: [UInt8] = [255, 15, 255, 15, 255, 15, 255, 255]
        let file = try PatchedTIFF(layout, samples: (0..<1024).flatMap { _ in pixel })
        #expect(try read(file).last == 255)
    }

    /// A pixel that the camera got wrong does not make 16 bits of 12.
    @Test func aFewOutliersDoNotDecide() throws {
        var layout = TIFFPageLayout(width: 64, height: 64, bitsPerSample: 16)
        layout.organisation = .strips(rowsPerStrip: 8)
        let bytes: [UInt8] = (0..<4096).flatMap { $0 < 3 ? [255, 255] : [0, 8] }
        #expect(try read(try PatchedTIFF(layout, samples: bytes)).remark == "values up to 4095: read as 12 bits")
    }

    /// Resampling overshoots, cameras have hot pixels: neither makes a picture black.
    @Test(
        arguments: [
            (1, 1.02, "values from 0.0 to 1.0199999809265137: read as 0 to 1"),
            (1, 90, "values from 0.0 to 90.0: read as 0 to 1"),
            (1, -0.5, "values from -0.5 to 1.0: read as 0 to 1"),
            (255, 257, "values from 0.0 to 257.0: read as 0 to 255"),
            (4_095, 4_095, "values from 0.0 to 4095.0: read as 0 to 4095"),
            (1_023, 70_000, "values from 0.0 to 70000.0: read as 0 to 1023"),
            (1, 1, nil), (100, 100, "values from 0.0 to 100.0: read as 0 to 255"),
        ] as [(Float, Float, String?)])
    func floatingPointSamplesMayOvershoot(_ white: Float, _ odd: Float, _ expected: String?) throws {
        var layout = TIFFPageLayout(width: 64, height: 64, bitsPerSample: 32, sampleFormat: .floatingPoint)
        layout.organisation = .strips(rowsPerStrip: 8)
        let values = (0..<4096).map { $0 < 3 ? odd : white * Float($0 - 3) / 4092 }
        let (last, remark) = try read(
            try PatchedTIFF(layout, samples: values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }))
        #expect(last == (white == 100 ? 100 : 255))
        #expect(remark == expected)
    }

    /// As bicubic resampling and divisions by a flat field leave many.
    @Test(arguments: [(1, 1.02, "1"), (255, 260, "255")] as [(Float, Float, String)])
    func manyMayOvershootByALittle(_ white: Float, _ most: Float, _ expected: String) throws {
        var layout = TIFFPageLayout(width: 64, height: 64, bitsPerSample: 32, sampleFormat: .floatingPoint)
        layout.organisation = .strips(rowsPerStrip: 8)
        let values = (0..<4096).map { $0 < 400 ? most : white * Float($0) / 4095 }
        let (last, remark) = try read(
            try PatchedTIFF(layout, samples: values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }))
        #expect(last == 255)
        #expect(remark?.hasSuffix("read as 0 to \(expected)") == true)
    }

    /// ITK and others write pictures so.
    @Test func signedWordsWithoutANegativeOneBeginAtBlack() throws {
        let (last, remark) = try read(try Self.ramp(to: 32_767, bits: 16, format: .signed))
        #expect(last == 255 && remark == "no value is negative: 0 was read as black")
        #expect(try read(Self.even([0, 0], .signed)).last == 0)
    }

    @Test func otherFloatingPointSamplesAreStretched() throws {
        var layout = TIFFPageLayout(width: 64, height: 64, bitsPerSample: 32, sampleFormat: .floatingPoint)
        layout.organisation = .strips(rowsPerStrip: 8)
        let values = (0..<4096).map { Float($0) / 4095 - 0.5 }
        let (last, remark) = try read(
            try PatchedTIFF(layout, samples: values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }))
        #expect(last == 255)
        #expect(remark == "values from -0.5 to 0.5: the least was read as black, the greatest as white")
    }

    @Test func aGivenRangeHoldsForEveryLevel() throws {
        let dim = try TemporaryFile(try Self.ramp(to: 1_000).bytes)
        let bright = try TemporaryFile(try Self.ramp(to: 4_000).bytes)
        let reader = try TIFFReader(path: dim.path)
        let other = try TIFFReader(path: bright.path)
        let range = try other.sampleRange(of: try #require(other.directories.first).get())
        let directory = try #require(reader.directories.first).get()
        let window = PixelWindow(x: 63, y: 63, width: 1, height: 1)
        let own = try reader.readRGB(directory, window: window).bytes
        let given = try reader.readRGB(directory, window: window, rendering: TIFFRendering(range: range)).bytes
        #expect(own == [249, 249, 249] && given == [62, 62, 62])
    }
}
