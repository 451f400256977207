import Foundation
import Slides
import TestSupport
import Testing

/// 3DHISTECH's scans, of many files.
@Suite struct MIRAXTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func drawn(_ change: (inout DrawnMIRAX) -> Void = { _ in }) -> DrawnMIRAX {
        var drawn = DrawnMIRAX(columns: 4, rows: 3) { x, y in DrawnSlide.colour(x, y) }
        change(&drawn)
        return drawn
    }

    private func pixels(_ scan: any ScanFile, level: Int = 0) throws -> RGBImage {
        let level = try scan.mainPyramid().levels[level]
        return try scan.pixels(of: level).pixels(
            in: PixelWindow(x: 0, y: 0, width: level.width, height: level.height))
    }

    @Test func photographsThatOverlapLieInPlaceAtEachLevel() throws {
        let drawn = drawn()
        try drawn.write("a", in: folder)
        let scan = try ScanFormats.standard.open(path: folder["a.mrxs"])
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "mirax")
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        #expect(pyramid.levels.map(\.width) == [464, 232, 116] && pyramid.levels.map(\.height) == [352, 176, 88])
        #expect(pyramid.levels.map(\.downsample) == [1, 2, 4])
        for (number, level) in pyramid.levels.enumerated() {
            let expected = DrawnSlide.colours(x: 0..<level.width, y: 0..<level.height, every: 1 << number)
            #expect(try pixels(scan, level: number).pixels == expected)
        }
    }

    @Test func whatWasNotPhotographedIsOfTheSlidesOwnColour() throws {
        try drawn { $0.missing = [[0, 0]] }.write("a", in: folder)
        let image = try pixels(ScanFormats.standard.open(path: folder["a.mrxs"]))
        #expect(Array(image.pixels[..<3]) == [255, 255, 255])
        #expect(Array(image.pixels.suffix(3)) == DrawnSlide.colour(463, 351))
    }

    /// Though nothing here confines the process, and the files are there.
    @Test(arguments: ["../Data0000.dat", "FOLDER/Data0000.dat", "sub/Data0000.dat", "link.dat"])
    func whatAScanNamesOutsideOfItsFolderIsNotRead(name: String) throws {
        try drawn { $0.dataFile = name.replacing("FOLDER", with: folder.path) }.write("a", in: folder)
        let data = try Data(contentsOf: URL(filePath: folder["a/Data0000.dat"]))
        try FileManager.default.removeItem(atPath: folder["a/Data0000.dat"])
        for place in ["Data0000.dat", "a/sub/Data0000.dat", "a/\(folder.path)/Data0000.dat"] {
            try folder.write(place, data)
        }
        try folder.link("a/link.dat", to: folder["Data0000.dat"])
        let scan = try ScanFormats.standard.open(path: folder["a.mrxs"])
        #expect(throws: SlideError(.malformed, "OpenSlide cannot read the pixels: the file is damaged")) {
            try pixels(scan)
        }
        try folder.write("a/Data0000.dat", data)
        try drawn().write("a", in: folder)
        #expect(try pixels(ScanFormats.standard.open(path: folder["a.mrxs"])).width == 464)
    }

    @Test(arguments: ["a", "a/Slidedat.ini"])
    func aScanWithoutItsFolderSaysSo(missing: String) throws {
        try drawn().write("a", in: folder)
        try FileManager.default.removeItem(atPath: folder[missing])
        let error = #expect(throws: SlideError.self) { try ScanFormats.standard.open(path: folder["a.mrxs"]) }
        #expect(error?.kind == .malformed)
        #expect(error?.message.contains("Slidedat.ini") == true)
    }

    /// Cut in the middle, named wrongly, and of another scan.
    @Test func anIndexThatIsNoneIsRefused() throws {
        let refusal = SlideError(.malformed, "OpenSlide recognises the file, but cannot open it")
        try drawn().write("a", in: folder)
        let index = try Data(contentsOf: URL(filePath: folder["a/Index.dat"]))
        for bytes in [index[..<120], index[..<40], Data("01.02x".utf8) + index.dropFirst(6), Data()] {
            try folder.write("a/Index.dat", bytes)
            #expect(throws: refusal) { try ScanFormats.standard.open(path: folder["a.mrxs"]) }
        }
        try drawn { $0.indexFile = "../../etc/passwd" }.write("b", in: folder)
        #expect(throws: refusal) { try ScanFormats.standard.open(path: folder["b.mrxs"]) }
    }

    @Test func aFileOfPixelsThatIsCutFails() throws {
        try drawn().write("a", in: folder)
        let data = try Data(contentsOf: URL(filePath: folder["a/Data0000.dat"]))
        try folder.write("a/Data0000.dat", data.prefix(data.count / 2))
        let scan = try ScanFormats.standard.open(path: folder["a.mrxs"])
        #expect(throws: SlideError(.malformed, "OpenSlide cannot read the pixels: the file is damaged")) {
            try pixels(scan)
        }
    }

    @Test func aScanOfTooManyFilesIsRefused() throws {
        try drawn().write("a", in: folder)
        for number in 0..<MultifileParts.mostParts { try folder.write("a/\(number).dat", "") }
        let error = #expect(throws: SlideError.self) { try ScanFormats.standard.open(path: folder["a.mrxs"]) }
        #expect(error?.kind == .limit)
    }
}
