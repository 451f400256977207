import TIFF
import TestSupport
import Testing

/// Tiles and strips that the file leaves out.
@Suite struct AbsentPiecesTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let layout: TIFFPageLayout
        /// Of a pixel that is there: it must not be light.
        let pixel: [UInt8]

        init(
            _ description: String, samples: Int = 1, bits: Int = 8, format: SampleFormat = .unsigned, _ pixel: [UInt8],
            _ change: (inout TIFFPageLayout) -> Void = { _ in }
        ) {
            var layout = TIFFPageLayout(
                width: 32, height: 32, samplesPerPixel: samples, bitsPerSample: bits, sampleFormat: format)
            layout.organisation = .tiles(width: 16, height: 16)
            layout.compression = .deflate
            change(&layout)
            (testDescription, self.layout, self.pixel) = (description, layout, pixel)
        }
    }

    static let kinds: [Kind] = [
        Kind("grey", [50]),
        Kind("min-is-white", [200]) { $0.photometricInterpretation = .minIsWhite },
        Kind("16 bits", bits: 16, [1, 90]),
        Kind("12 bits in 16", bits: 16, [1, 5]),
        Kind("signed", format: .signed, [0x90]),
        Kind("float", bits: 32, format: .floatingPoint, [0, 0, 0x80, 0x3E]),
        Kind("RGB", samples: 3, [50, 60, 70]),
        Kind("RGB in planes", samples: 3, [50, 60, 70]) { $0.planarConfiguration = .separate },
        Kind("RGB and alpha", samples: 4, [50, 60, 70, 255]) { $0.extraSamples = [.unassociatedAlpha] },
        Kind("strips", samples: 3, [50, 60, 70]) { $0.organisation = .strips(rowsPerStrip: 16) },
        Kind("JPEG", samples: 3, [50, 60, 70]) {
            $0.photometricInterpretation = .yCbCr
            $0.compression = .jpeg(quality: 90)
        },
        Kind("uncompressed", samples: 3, [50, 60, 70]) { $0.compression = .none },
        Kind("CMYK", samples: 4, [200, 100, 50, 50]) { $0.photometricInterpretation = .separated },
        Kind("L*a*b*", samples: 3, [100, 0, 0]) { $0.photometricInterpretation = .cieLab },
        Kind("palette", [2]) { layout in
            layout.photometricInterpretation = .palette
            layout.colourMap = [UInt16](repeating: 0x4000, count: 3).map { value in
                (0..<256).map { $0 == 2 ? value : 0 }
            }
        },
    ]

    private func pixels(_ file: PatchedTIFF) throws -> (absent: [UInt8], present: [UInt8]) {
        let temporary = try TemporaryFile(file.bytes)
        let pixels = try TIFFReader(path: temporary.path).wholeRGB()
        return (Array(pixels.prefix(3)), Array(pixels.suffix(3)))
    }

    @Test(arguments: kinds) func whatIsAbsentIsWhite(_ kind: Kind) throws {
        var file = try PatchedTIFF(kind.layout, samples: (0..<1024).flatMap { _ in kind.pixel })
        let before = try pixels(file)
        try file.leaveOut(piece: 0)
        let (absent, present) = try pixels(file)
        #expect(absent == [255, 255, 255])
        #expect(present == before.present)
        #expect(present.contains { $0 < 200 })
    }

    @Test func aPlaneThatIsAbsentLeavesThePixelWhite() throws {
        var layout = TIFFPageLayout(width: 32, height: 32, samplesPerPixel: 3)
        layout.organisation = .tiles(width: 16, height: 16)
        layout.planarConfiguration = .separate
        var file = try PatchedTIFF(layout, samples: [UInt8](repeating: 9, count: 3 * 1024))
        try file.leaveOut(piece: 4)
        #expect(try pixels(file).absent == [255, 255, 255])
    }

    /// Three characters and the end fit into the entry: GDAL's tag.
    @Test(arguments: [
        ("243", [243, 243, 243]), ("0", [255, 255, 255]), ("60", [255, 255, 255]), ("999", [255, 255, 255]),
    ])
    func theFilesOwnBackgroundIsUsedWhereItIsLight(_ value: String, _ expected: [UInt8]) throws {
        var layout = TIFFPageLayout(width: 32, height: 32, samplesPerPixel: 3)
        layout.organisation = .tiles(width: 16, height: 16)
        layout.software = "x"
        var file = try PatchedTIFF(layout, samples: [UInt8](repeating: 9, count: 3 * 1024))
        try file.leaveOut(piece: 0)
        try file.replace(305, by: 42113, text: value)
        #expect(try pixels(file).absent == expected)
    }

    /// A codec is told what to do when its directory is loaded: to look at tables must not undo that.
    @Test func lookingAtTablesChangesNoPixels() throws {
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: 32, height: 16, samplesPerPixel: 3)
        layout.organisation = .tiles(width: 16, height: 16)
        layout.photometricInterpretation = .yCbCr
        layout.compression = .jpeg(quality: 90)
        let pixels = [[UInt8]](repeating: [200, 40, 90], count: 256).flatMap(\.self)
        var writer = try TIFFWriter(path: file.path)
        for _ in 0..<2 {
            try writer.beginPage(layout)
            for column in 0..<2 {
                try writer.writeTile(column: column, row: 0, pixels.span)
            }
        }
        try writer.finish()
        let reader = try TIFFReader(path: file.path)
        let (first, second) = (try reader.directories[0].get(), try reader.directories[1].get())
        func tile(_ column: Int) throws -> [UInt8] {
            try reader.readRGB(first, window: PixelWindow(x: 16 * column, y: 0, width: 16, height: 16)).bytes
        }
        let before = try tile(0)
        #expect(try !reader.leavesOutPieces(of: second) && !reader.leavesOutPieces(of: first))
        #expect(try tile(1) == before)
    }

    /// Masks are read as samples: nothing is marked there.
    @Test func samplesThatAreAbsentAreZero() throws {
        var layout = TIFFPageLayout(width: 32, height: 32)
        layout.organisation = .tiles(width: 16, height: 16)
        var file = try PatchedTIFF(layout, samples: [UInt8](repeating: 9, count: 1024))
        try file.leaveOut(piece: 0)
        let temporary = try TemporaryFile(file.bytes)
        let reader = try TIFFReader(path: temporary.path)
        let directory = try #require(reader.directories.first).get()
        let samples = try reader.readSamples(directory, window: PixelWindow(x: 0, y: 0, width: 32, height: 32))
        #expect(samples.bytes.first == 0 && samples.bytes.last == 9)
        #expect(try reader.statistics(of: directory).mean == 9 * 0.75)
    }

    /// An image that is not there is not white glass.
    @Test func anImageOfNothingIsRefused() throws {
        var layout = TIFFPageLayout(width: 32, height: 32)
        layout.organisation = .tiles(width: 16, height: 16)
        layout.compression = .deflate
        var file = try PatchedTIFF(layout, samples: [UInt8](repeating: 9, count: 1024))
        for piece in 0..<4 { try file.leaveOut(piece: piece) }
        let temporary = try TemporaryFile(file.bytes)
        let directory = try #require(try TIFFReader(path: temporary.path).directories.first).get()
        #expect(directory.refusal?.kind == .malformed)
    }

    /// A biopsy alone on a large slide: limits count what is there.
    @Test func absentPiecesAreNoBomb() throws {
        var layout = TIFFPageLayout(width: 1024, height: 1024)
        layout.organisation = .tiles(width: 64, height: 64)
        layout.compression = .deflate
        var file = try PatchedTIFF(layout, samples: [UInt8](repeating: 9, count: 1024 * 1024))
        var limits = TIFFLimits.default
        limits.freeExpansionBytes = 400 << 10
        limits.maximumExpansion = 1
        let whole = try TemporaryFile(file.bytes)
        #expect(try TIFFReader(path: whole.path, limits: limits).directories.first?.get().refusal?.kind == .limit)
        for piece in 0..<252 { try file.leaveOut(piece: piece) }
        let sparse = try TemporaryFile(file.bytes)
        #expect(try TIFFReader(path: sparse.path, limits: limits).directories.first?.get().refusal == nil)
    }
}
