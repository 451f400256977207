import TIFF
import TestSupport
import Testing

@Suite struct PyramidTests {
    @Test func tilesInAnyOrderAndSubdirectoriesComeBack() throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path, isBigTIFF: true)
        var layout = TIFFPageLayout(width: 100, height: 70, samplesPerPixel: 3)
        layout.photometricInterpretation = .yCbCr
        layout.compression = .jpeg(quality: 90)
        layout.organisation = .tiles(width: 32, height: 32)
        layout.resolution = TIFFResolution(x: 40_000, y: 20_000, unit: .centimetre)
        layout.imageDescription = "four by three tiles"
        layout.software = "a test"
        layout.subdirectoryCount = 1
        try writer.beginPage(layout)
        for index in (0..<12).reversed() {
            let tile = [UInt8](repeating: UInt8(index * 20), count: 32 * 32 * 3)
            try writer.writeTile(column: index % 4, row: index / 4, tile.span)
        }
        layout.width = 50
        layout.height = 35
        layout.subdirectoryCount = 0
        layout.subfileType = .reducedResolution
        try writer.beginPage(layout)
        try writer.writeRows([UInt8](repeating: 99, count: 50 * 35 * 3))
        try writer.finish()

        let reader = try TIFFReader(path: file.path)
        #expect(reader.isBigTIFF)
        #expect(reader.directories.count == 1)
        let directory = try #require(reader.directories.first).get()
        #expect(directory.compression == .jpeg)
        #expect(directory.organisation == .tiles(width: 32, height: 32))
        #expect(directory.chromaSubsampling == ChromaSubsampling(horizontal: 2, vertical: 2))
        #expect(directory.resolution == layout.resolution)
        #expect(directory.imageDescription == "four by three tiles")
        #expect(directory.software == "a test")
        let pixel = try reader.readRGB(directory, window: PixelWindow(x: 70, y: 40, width: 1, height: 1))
        #expect(pixel.bytes == [120, 120, 120])
        let reduced = try #require(directory.subdirectories.first).get()
        #expect(reduced.subfileType == .reducedResolution)
        #expect(reduced.width == 50)
        let small = try reader.readRGB(reduced, window: PixelWindow(x: 49, y: 34, width: 1, height: 1))
        #expect(small.bytes == [99, 99, 99])
    }

    @Test func imagesOfSeveralTileSizesMayBeReadInTurns() throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        var layout = TIFFPageLayout(width: 90, height: 90)
        layout.compression = .lzw
        let pages = [16, 48, 32].map { side in (side, (0..<90 * 90).map { UInt8(truncatingIfNeeded: $0 * side) }) }
        for (side, samples) in pages {
            layout.organisation = .tiles(width: side, height: side)
            try writer.beginPage(layout)
            try writer.writeRows(samples)
        }
        try writer.finish()
        let reader = try TIFFReader(path: file.path)
        for y in stride(from: 0, to: 90, by: 15) {
            for (directory, page) in zip(reader.directories, pages) {
                let rows = try reader.readSamples(
                    try directory.get(), window: PixelWindow(x: 0, y: y, width: 90, height: 15))
                #expect(rows.bytes == Array(page.1[y * 90..<(y + 15) * 90]))
            }
        }
    }

    @Test func tilesThatWereNeverWrittenAreZero() throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        var layout = TIFFPageLayout(width: 64, height: 32, bitsPerSample: 16)
        layout.compression = .lzw
        layout.organisation = .tiles(width: 32, height: 32)
        try writer.beginPage(layout)
        try writer.writeTile(column: 1, row: 0, [UInt16](repeating: 700, count: 32 * 32).span)
        try writer.finish()
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        let row = try reader.readSamples(directory, window: PixelWindow(x: 31, y: 3, width: 2, height: 1))
        row.withSamples(as: UInt16.self) { samples in
            #expect(samples[0] == 0)
            #expect(samples[1] == 700)
        }
    }

    @Test func anIncompletePageIsMisuse() throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(TIFFPageLayout(width: 4, height: 4))
        try writer.writeRows([UInt8](repeating: 0, count: 8))
        var kind: TIFFError.Kind?
        do throws(TIFFError) { try writer.finish() } catch { kind = error.kind }
        #expect(kind == .misuse)
    }
}
