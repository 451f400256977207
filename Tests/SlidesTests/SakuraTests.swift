import Foundation
import GRDB
import Slides
import TestSupport
import Testing

/// Sakura's scans, which are databases.
@Suite struct SakuraTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func draw(_ name: String) throws {
        try DrawnSakura(columns: 2, rows: 1) { x, y in DrawnSlide.smooth(x, y) }.write(name, in: folder)
    }

    @Test func tilesAreRead() throws {
        try draw("a.svslide")
        let scan = try ScanFormats.standard.open(path: folder["a.svslide"])
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "sakura")
        #expect(pyramid.levels.map(\.width) == [512, 256] && pyramid.levels.map(\.height) == [256, 128])
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        for (number, level) in pyramid.levels.enumerated() {
            let pixels = try scan.pixels(of: level).pixels(
                in: PixelWindow(x: 0, y: 0, width: level.width, height: level.height)
            ).pixels
            let expected = DrawnSlide.smooth(x: 0..<level.width, y: 0..<level.height, every: 1 << number)
            #expect(zip(pixels, expected).allSatisfy { abs(Int($0) - Int($1)) <= 3 }, "level \(number)")
        }
    }

    @Test func aDatabaseOfSomethingElseIsNoScan() throws {
        try DatabaseQueue(path: folder["a.svslide"]).write { try $0.execute(sql: "CREATE TABLE t (c)") }
        #expect(throws: SlideError.self) { try ScanFormats.standard.open(path: folder["a.svslide"]) }
        try draw("b.svslide")
        let bytes = try Data(contentsOf: URL(filePath: folder["b.svslide"]))
        try folder.write("b.svslide", bytes.prefix(8192))
        #expect(throws: SlideError.self) { try ScanFormats.standard.open(path: folder["b.svslide"]) }
    }
}
