import TIFF
import TestSupport
import Testing

/// Tiles of which a part is missing: what a decoder makes up for it is no picture.
@Suite struct DamageTests {
    private static func file(_ compression: TIFFPageLayout.Compression) throws -> PatchedTIFF {
        var layout = TIFFPageLayout(width: 64, height: 64, samplesPerPixel: 3)
        layout.organisation = .tiles(width: 32, height: 32)
        layout.compression = compression
        return try PatchedTIFF(layout, samples: Noise.samples(count: 64 * 64 * 3, bits: 8, byteCount: 1, seed: 1))
    }

    private static func pixels(_ file: PatchedTIFF) throws -> [UInt8] {
        let temporary = try TemporaryFile(file.bytes)
        return try TIFFReader(path: temporary.path).wholeRGB()
    }

    private func isRefused(_ file: PatchedTIFF) -> Bool {
        let error = #expect(throws: TIFFError.self) { try Self.pixels(file) }
        return error?.kind == .malformed
    }

    private static let tile = 1
    private static let compressions: [TIFFPageLayout.Compression] = [
        .jpeg(quality: 90), .lzw, .deflate, .zstd, .lzma, .webPLossless,
    ]

    @Test(arguments: compressions) func halfATileIsNoTile(_ compression: TIFFPageLayout.Compression) throws {
        var file = try Self.file(compression)
        try file.set(325, at: Self.tile, file.value(325, at: Self.tile) / 2)
        #expect(isRefused(file))
    }

    @Test func anEndAmongTheSamplesOfJPEGIsDamage() throws {
        var file = try Self.file(.jpeg(quality: 90))
        let middle = try file.value(324, at: Self.tile) + file.value(325, at: Self.tile) / 2
        file.bytes.replaceSubrange(middle..<middle + 2, with: [0xFF, 0xD9])
        #expect(isRefused(file))
    }

    /// Nothing is lost but the marker.
    @Test func aJPEGImageMayLackItsEnd() throws {
        var file = try Self.file(.jpeg(quality: 90))
        let whole = try Self.pixels(file)
        try file.set(325, at: Self.tile, file.value(325, at: Self.tile) - 2)
        #expect(try Self.pixels(file) == whole)
    }

    /// What the table does not name is not absent: the file was cut short, or its table is not the image's.
    @Test(arguments: [324, 325]) func aTableNamesAllTiles(_ tag: Int) throws {
        var file = try Self.file(.deflate)
        try file.setCount(tag, 3)
        #expect(isRefused(file))
    }

    /// libtiff cuts it into many, of which the table names one.
    @Test func oneLargeStripIsWhole() throws {
        var layout = TIFFPageLayout(width: 256, height: 300, samplesPerPixel: 3)
        layout.organisation = .strips(rowsPerStrip: 300)
        let samples = Noise.samples(count: 256 * 300 * 3, bits: 8, byteCount: 1, seed: 1)
        #expect(try Self.pixels(PatchedTIFF(layout, samples: samples)) == samples)
    }

    /// Uncompressed samples are as many as they are: what follows them tells whether they are there.
    @Test func aSizeThatIsTooSmallIsASlipWhereThereIsRoom() throws {
        var file = try Self.file(.none)
        let whole = try Self.pixels(file)
        for tile in 0..<4 { try file.set(325, at: tile, 100) }
        #expect(try Self.pixels(file) == whole)
        try file.set(324, at: 2, file.value(324, at: 1) + 100)
        #expect(isRefused(file))
    }
}
