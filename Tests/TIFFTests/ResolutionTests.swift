import TIFF
import TestSupport
import Testing

/// What the resolution tags say.
@Suite struct ResolutionTests {
    private static func file(_ change: (inout HandmadeTIFF) -> Void) throws -> TIFFResolution? {
        var handmade = HandmadeTIFF()
        // 4000 to 1, behind the pixels.
        handmade.pixels += [0xA0, 0x0F, 0, 0, 1, 0, 0, 0]
        handmade.set(282, type: 5, HandmadeTIFF.pixelOffset + 64)
        handmade.set(283, type: 5, HandmadeTIFF.pixelOffset + 64)
        change(&handmade)
        let file = try TemporaryFile(handmade.bytes)
        return try #require(try TIFFReader(path: file.path).directories.first).get().resolution
    }

    /// 4 and 5 are tifffile's; libtiff takes what it does not know for the inch.
    @Test(
        arguments: [
            (0, .unknown), (1, .none), (2, .inch), (3, .centimetre), (4, .millimetre), (5, .micrometre), (6, .unknown),
            (65_535, .unknown),
        ] as [(UInt32, ResolutionUnit)]) func unitsAreWhatTheyMean(_ value: UInt32, _ unit: ResolutionUnit) throws
    {
        #expect(try Self.file { $0.set(296, type: 3, value) } == TIFFResolution(x: 4000, y: 4000, unit: unit))
    }

    @Test func theInchIsTheDefault() throws {
        #expect(try Self.file { _ in } == TIFFResolution(x: 4000, y: 4000, unit: .inch))
    }

    @Test(arguments: [UInt16(282), 283]) func oneResolutionServesForBoth(_ tag: UInt16) throws {
        #expect(try Self.file { $0.entries[tag] = nil } == TIFFResolution(x: 4000, y: 4000, unit: .inch))
    }
}
