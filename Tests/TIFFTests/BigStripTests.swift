import TIFF
import TestSupport
import Testing

/// Strips that are too large to be decoded whole are decoded in bands.
@Suite struct BigStripTests {
    @Test(
        arguments: [TIFFPageLayout.Compression.none, .deflate],
        [PlanarConfiguration.contiguous, .separate])
    func windowsOfOneHugeStripAreRight(
        _ compression: TIFFPageLayout.Compression, _ planar: PlanarConfiguration
    ) throws {
        let (width, height) = (3000, 6000)
        let pattern = Noise.samples(count: width + height, bits: 8, byteCount: 1)
        let samples = planar == .separate ? 2 : 1
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: samples)
        layout.organisation = .strips(rowsPerStrip: height)
        layout.compression = compression
        layout.planarConfiguration = planar
        layout.extraSamples = samples == 2 ? [.unspecified] : []
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        for y in 0..<height {
            let row = Array(pattern[y..<y + width])
            try writer.writeRows(samples == 1 ? row : row.flatMap { [$0, $0 ^ 0xFF] })
        }
        try writer.finish()

        var limits = TIFFLimits.default
        limits.maximumExpansion = 10_000
        let reader = try TIFFReader(path: file.path, limits: limits)
        let directory = try #require(reader.directories.first).get()
        for y in [5000, 10, 2990, 3200] {
            let window = PixelWindow(x: 1000, y: y, width: 300, height: 200)
            let pixels = try reader.readSamples(directory, window: window)
            var expected: [UInt8] = []
            for row in y..<y + 200 {
                let line = pattern[row + 1000..<row + 1300]
                expected += samples == 1 ? Array(line) : line.flatMap { [$0, $0 ^ 0xFF] }
            }
            let isRight = pixels.bytes == expected
            #expect(isRight, "rows from \(y)")
        }
    }
}
