import Foundation
import TIFF
import TestSupport

/// Scanners' files of tiled pages, exact to the last bit, drawn for a test.
enum DrawnSlide {
    static let tile = 64

    /// Every pixel of another colour than its neighbours.
    static func colour(_ x: Int, _ y: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: 3 * x + y), UInt8(truncatingIfNeeded: x ^ y), UInt8(truncatingIfNeeded: 2 * y)]
    }

    /// The colours of a window, `[height, width, 3]`, of every n-th pixel.
    static func colours(x: Range<Int>, y: Range<Int>, every n: Int = 1) -> [UInt8] {
        y.flatMap { y in x.flatMap { x in colour(n * x, n * y) } }
    }

    /// The same without jumps, for what JPEG holds.
    static func smooth(_ x: Int, _ y: Int) -> [UInt8] {
        [UInt8(20 + x % 512 / 3), UInt8(20 + y / 3), UInt8(60 + (x % 512 + y) / 8)]
    }

    static func smooth(x: Range<Int>, y: Range<Int>, every n: Int) -> [UInt8] {
        y.flatMap { y in x.flatMap { x in smooth(n * x, n * y) } }
    }

    struct Page {
        let columns: Int
        let rows: Int
        var isReduced = false
        var software: String?
        var description: String?
        var resolution: TIFFResolution?
        /// Tag 700, where scanners have XML of their own.
        var xmp: String?
        /// The colour of a pixel of a tile.
        let colour: (_ column: Int, _ row: Int, _ x: Int, _ y: Int) -> [UInt8]
    }

    static func file(_ pages: [Page]) throws -> TemporaryFile {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        for page in pages {
            var layout = TIFFPageLayout(width: page.columns * tile, height: page.rows * tile, samplesPerPixel: 3)
            layout.organisation = .tiles(width: tile, height: tile)
            layout.compression = .lzw
            layout.software = page.xmp == nil ? page.software : "gives its place to XMP"
            layout.imageDescription = page.description
            layout.resolution = page.resolution
            if page.isReduced { layout.subfileType = .reducedResolution }
            try writer.beginPage(layout)
            for row in 0..<page.rows {
                for column in 0..<page.columns {
                    let pixels = (0..<tile).flatMap { y in (0..<tile).flatMap { x in page.colour(column, row, x, y) } }
                    try writer.writeTile(column: column, row: row, pixels.span)
                }
            }
        }
        try writer.finish()
        guard pages.contains(where: { $0.xmp != nil }) else { return file }
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: file.path)))
        for (number, page) in pages.enumerated() {
            guard let xmp = page.xmp else { continue }
            DrawnTIFF.embed(
                DrawnTIFF.Tag(number: 700, instead: 305, type: 1, count: xmp.utf8.count, bytes: Array(xmp.utf8)),
                inDirectory: number, of: &bytes)
        }
        return try TemporaryFile(bytes)
    }

    /// A level that shows every n-th pixel, and white where it is padded.
    static func level(_ columns: Int, _ rows: Int, of full: (width: Int, height: Int), every n: Int) -> Page {
        Page(columns: columns, rows: rows, isReduced: n > 1) { column, row, x, y in
            let (fullX, fullY) = (n * (column * tile + x), n * (row * tile + y))
            return fullX < full.width && fullY < full.height ? colour(fullX, fullY) : [255, 255, 255]
        }
    }
}
