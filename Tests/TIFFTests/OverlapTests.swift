import TIFF
import TestSupport
import Testing

/// Bytes that lie in a file once, but are named so often that reading them each time would take hours.
@Suite struct OverlapTests {
    @Test func tagsThatNameTheSameBytesAreLimited() throws {
        var handmade = HandmadeTIFF()
        handmade.pixels = [UInt8](repeating: 7, count: 1 << 20)
        for tag in UInt16(50_000)..<50_100 { handmade.set(tag, type: 7, count: 1 << 20, HandmadeTIFF.pixelOffset) }
        let file = try TemporaryFile(handmade.bytes)
        var limits = TIFFLimits.default
        limits.maximumTagBytes = 32 << 20
        let directory = try #require(try TIFFReader(path: file.path, limits: limits).directories.first)
        let error = #expect(throws: TIFFError.self) { try directory.get() }
        #expect(error?.kind == .limit)
        limits.maximumTagBytes = 128 << 20
        let reader = try TIFFReader(path: file.path, limits: limits)
        #expect(try reader.statistics(of: try #require(reader.directories.first).get()).mean == 7)
    }

    @Test func stripsThatNameTheSameBytesAreLimited() throws {
        var handmade = HandmadeTIFF()
        let tables = 8 * 8
        let data = HandmadeTIFF.pixelOffset + UInt32(tables)
        let words = [UInt32](repeating: data, count: 8) + [UInt32](repeating: 1 << 20, count: 8)
        handmade.pixels = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
        handmade.pixels += [UInt8](repeating: 9, count: 1 << 20)
        handmade.set(278, 1)
        handmade.set(273, count: 8, HandmadeTIFF.pixelOffset)
        handmade.set(279, count: 8, HandmadeTIFF.pixelOffset + 32)
        let file = try TemporaryFile(handmade.bytes)
        var limits = TIFFLimits.default
        limits.freeExpansionBytes = 4 << 20
        limits.maximumExpansion = 1
        let strict = try TIFFReader(path: file.path, limits: limits)
        let error = #expect(throws: TIFFError.self) {
            try strict.statistics(of: try #require(strict.directories.first).get())
        }
        #expect(error?.kind == .limit)
        let reader = try TIFFReader(path: file.path)
        #expect(try reader.statistics(of: try #require(reader.directories.first).get()).mean == 9)
    }
}
