import Slides
import TestSupport
import Testing

@Suite struct ScanFormatsTests {
    private let formats = ScanFormats([.tiff, .bitmap])

    private func open(_ bytes: [UInt8]) throws -> any ScanFile {
        let file = try TemporaryFile(bytes)
        return try formats.open(path: file.path)
    }

    @Test func aSecondFormatIsOneEntryOfTheTable() throws {
        let pixels: [UInt8] = (0..<18).map { $0 }
        let scan = try open(Array("BITMAP".utf8) + [3, 2] + pixels)
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.width == 3 && pyramid.spacing == .unknown)
        let window = PixelWindow(x: 0, y: 0, width: 3, height: 2)
        #expect(try scan.pixels(of: pyramid.levels[0]).pixels(in: window).pixels == pixels)
        #expect(formats.claim(fileNamed: "a.BITMAP"))
        #expect(!ScanFormats.standard.claim(fileNamed: "a.bitmap"))
    }

    @Test func whatAFormatRecognisesItReadsOrRefuses() {
        #expect(throws: SlideError(.malformed, "the bitmap is cut short")) {
            try open(Array("BITMAP".utf8) + [3, 2, 0])
        }
    }

    @Test(arguments: [[], Array("BITMA".utf8), Array("II".utf8), Array("nothing known".utf8)] as [[UInt8]])
    func whatNoFormatRecognisesIsRefused(_ bytes: [UInt8]) {
        #expect(throws: SlideError(.malformed, "not a scan of a known format (TIFF, bitmap)")) { try open(bytes) }
    }

    @Test(arguments: [
        ("a.CZI", "Zeiss CZI"), ("b.dcm", "DICOM"), ("c.mrxs", nil), ("c.svslide", nil), ("c.kfb", "KFBio"),
        ("d.tif", nil), (".czi", nil),
        ("czi", nil),
    ])
    func whatIsNotReadHasAName(file: String, name: String?) {
        #expect(ScanFormats.standard.unreadFormat(ofFileNamed: file) == name)
    }

    @Test func aFolderIsNoScan() {
        let error = #expect(throws: SlideError.self) { try formats.open(path: "/") }
        #expect(error?.kind == .inputOutput)
    }
}
