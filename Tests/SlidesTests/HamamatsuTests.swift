import Foundation
import Slides
import TestSupport
import Testing

/// Hamamatsu's files, which are TIFF but for offsets of 64 bits, and JPEG but for sizes that it does not know.
@Suite struct HamamatsuTests {
    private static func colour(_ column: Int, _ row: Int) -> [UInt8] {
        [UInt8(column * 13 % 200 + 20), UInt8(row * 47 % 200 + 20), UInt8((column + row) * 31 % 200 + 20)]
    }

    /// Of the middle of each piece, but for the rounding of JPEG.
    private func expectPieces(_ scan: any ScanFile, _ level: PyramidLevel, columns: [Int], rows: [Int]) throws {
        for (column, row) in columns.flatMap({ column in rows.map { (column, $0) } }) {
            let window = PixelWindow(
                x: column * DrawnJPEG.pieceWidth + 100, y: row * DrawnJPEG.pieceHeight + 4, width: 2, height: 1)
            let pixels = try scan.pixels(of: level).pixels(in: window).pixels
            let expected = Self.colour(column, row) + Self.colour(column, row)
            #expect(zip(pixels, expected).allSatisfy { abs(Int($0) - Int($1)) <= 3 }, "piece \(column), \(row)")
        }
    }

    @Test func levelsAreRead() throws {
        let file = try DrawnNDPI.file([
            .init(columns: 32, rows: 96, lens: 20, resolution: 20_000, colour: Self.colour),
            .init(columns: 2, rows: 6, lens: 1.25, resolution: 1_250, colour: Self.colour),
            .init(columns: 1, rows: 4, lens: -1) { _, _ in [200, 200, 200] },
        ])
        let scan = try ScanFormats.standard.open(path: file.path)
        #expect(scan.dialect == "hamamatsu")
        let pyramid = try scan.mainPyramid()
        // Halves, quarters and eighths are what JPEG can decode.
        #expect(pyramid.levels.prefix(5).map(\.downsample) == [1, 2, 4, 8, 16])
        #expect(pyramid.width == 8_192 && pyramid.height == 768)
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        #expect(scan.associatedImages.map(\.role) == [.macro])
        try expectPieces(scan, pyramid.levels[0], columns: [0, 3, 31], rows: [0, 11, 95])
        let stored = try #require(pyramid.levels.first { $0.downsample == 16 })
        #expect(stored.width == 512 && stored.height == 48)
        try expectPieces(scan, stored, columns: [0, 1], rows: [0, 5])
    }

    /// JPEG ends at 65,500 pixels: the file then tells 0 x 0, and every other reader sees nothing.
    @Test func whatIsWiderThanJPEGKnowsIsRead() throws {
        let file = try DrawnNDPI.file([
            .init(columns: 260, rows: 4, lens: 40, hidesSize: true, colour: Self.colour)
        ])
        let scan = try ScanFormats.standard.open(path: file.path)
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.width == 66_560 && pyramid.height == 32)
        #expect(pyramid.spacing == Spacing(plausible: 0.25, source: .openSlide))
        try expectPieces(scan, pyramid.levels[0], columns: [0, 130, 259], rows: [0, 3])
    }

    /// The magnification tells, where the resolution does not.
    @Test func theSpacingIsThatOfTheMagnification() throws {
        let file = try DrawnNDPI.file([.init(columns: 2, rows: 8, lens: 20, resolution: 0, colour: Self.colour)])
        let pyramid = try ScanFormats.standard.open(path: file.path).mainPyramid()
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .magnification))
        #expect(pyramid.remarks == ["the spacing is estimated from the magnification of 20.0: 0.5 um/px"])
    }

    /// But for the rounding of JPEG.
    private func expectAll(_ scan: any ScanFile, _ level: PyramidLevel, every factor: Int, _ tolerance: Int) throws {
        let pixels = try scan.pixels(of: level).pixels(
            in: PixelWindow(x: 0, y: 0, width: level.width, height: level.height)
        ).pixels
        let expected = DrawnSlide.smooth(x: 0..<level.width, y: 0..<level.height, every: factor)
        #expect(pixels.count == expected.count)
        let errors = zip(pixels, expected).map { abs(Int($0) - Int($1)) }
        let (greatest, sum) = (errors.max() ?? 0, errors.reduce(0, +))
        #expect(
            greatest <= tolerance && sum < 2 * errors.count,
            "greatest error \(greatest), mean \(Double(sum) / Double(errors.count))")
    }

    /// A text that names JPEG files beside it.
    @Test func focalPlanesThatAreNotReadAreTold() throws {
        let folder = try TemporaryFolder()
        var slide = DrawnVMS(columns: 1, rows: 16) { x, y in DrawnSlide.smooth(x, y) }
        slide.layers = 3
        try slide.write("a", in: folder)
        let pyramid = try ScanFormats.standard.open(path: folder["a.vms"]).mainPyramid()
        #expect(pyramid.remarks.contains("of 3 focal planes the first was analysed: OpenSlide reads no other"))
    }

    @Test func filesOfAVMSLieSideBySide() throws {
        let folder = try TemporaryFolder()
        try DrawnVMS(columns: 1, rows: 16) { x, y in DrawnSlide.smooth(x, y) }.write("a", in: folder)
        let scan = try ScanFormats.standard.open(path: folder["a.vms"])
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "hamamatsu")
        #expect(pyramid.width == 1024 && pyramid.height == 512)
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        #expect(scan.associatedImages.map(\.role) == [.macro])
        try expectAll(scan, pyramid.levels[0], every: 1, 8)
        let text = try String(contentsOfFile: folder["a.vms"], encoding: .utf8)
        try FileManager.default.moveItem(atPath: folder["a.vms"], toPath: folder["a.VMS"])
        #expect(try ScanFormats.standard.open(path: folder["a.VMS"]).mainPyramid().width == 1024)
        // Not what lies elsewhere.
        try folder.write("secret/a-1.jpg", Data(contentsOf: URL(filePath: folder["a-1.jpg"])))
        try folder.write("a.VMS", text.replacing("=a-1.jpg", with: "=secret/a-1.jpg"))
        #expect(throws: SlideError(.malformed, "OpenSlide recognises the file, but cannot open it")) {
            try ScanFormats.standard.open(path: folder["a.VMS"])
        }
        try folder.write("a.VMS", "no such text")
        #expect(throws: SlideError(.malformed, "OpenSlide does not recognise the file as Hamamatsu VMS")) {
            try ScanFormats.standard.open(path: folder["a.VMS"])
        }
    }

    /// A text that names two pictures of 12 bits a colour.
    @Test func theUncompressedPicturesOfAVMUAreRead() throws {
        let folder = try TemporaryFolder()
        try DrawnVMU(width: 512, height: 300) { x, y in DrawnSlide.smooth(x, y) }.write("a", in: folder)
        let scan = try ScanFormats.standard.open(path: folder["a.vmu"])
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "hamamatsu")
        #expect(pyramid.levels.map(\.width) == [512, 128] && pyramid.levels.map(\.height) == [300, 75])
        #expect(pyramid.levels.map(\.downsample) == [1, 4])
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        try expectAll(scan, pyramid.levels[0], every: 1, 0)
        try expectAll(scan, pyramid.levels[1], every: 4, 0)
        let text = try String(contentsOfFile: folder["a.vmu"], encoding: .utf8)
        for (old, new) in [("=36", "=24"), ("=RGB", "=BGR"), ("=a.ngr", "=../a.ngr"), ("=a_map.ngr", "=b.ngr")] {
            try folder.write("a.vmu", text.replacing(old, with: new))
            #expect(throws: SlideError(.malformed, "OpenSlide recognises the file, but cannot open it")) {
                try ScanFormats.standard.open(path: folder["a.vmu"])
            }
        }
        try folder.write("a.vmu", text)
        let picture = try Data(contentsOf: URL(filePath: folder["a.ngr"]))
        try folder.write("a.ngr", picture.prefix(picture.count / 2))
        let cut = try ScanFormats.standard.open(path: folder["a.vmu"])
        #expect(throws: SlideError(.malformed, "OpenSlide cannot read the pixels: the file is damaged")) {
            try expectAll(cut, pyramid.levels[0], every: 1, 0)
        }
    }
}
