import Foundation
import TIFF
import TestSupport

/// Hamamatsu's NDPI: classic TIFF with offsets of 64 bits, and one JPEG a level, of pieces that begin anew (restart intervals).
///
/// By the tags and quirks that OpenSlide's `openslide-vendor-hamamatsu.c` and `openslide-decode-tifflike.c` document.
enum DrawnNDPI {
    /// Pieces of one colour each.
    struct Level {
        let columns: Int
        let rows: Int
        /// The magnification; -1 for the macro image.
        var lens: Float
        /// Pixels a centimetre.
        var resolution = 40_000
        /// Of what is wider than JPEG knows, NDPI's JPEG says 0 x 0.
        var hidesSize = false
        let colour: (_ column: Int, _ row: Int) -> [UInt8]
    }

    static func file(_ levels: [Level]) throws -> TemporaryFile {
        var bytes: [UInt8] = [0x49, 0x49, 42, 0] + little(0, 8)
        var pointer = 4
        for level in levels {
            var drawn = DrawnJPEG(columns: level.columns, rows: level.rows, colour: level.colour)
            drawn.hidesSize = level.hidesSize
            let (jpeg, starts) = try drawn.file()
            let (start, mcus) = (bytes.count, bytes.count + jpeg.count)
            let resolution = mcus + 4 * starts.count
            bytes += jpeg + starts.flatMap { little($0, 4) } + little(level.resolution, 4) + little(1, 4)
            let (width, height) = (level.columns * DrawnJPEG.pieceWidth, level.rows * DrawnJPEG.pieceHeight)
            // Tag, type, count, and the value or where it is.
            let entries: [(Int, Int, Int, Int)] = [
                (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 7), (262, 3, 1, 6),
                (273, 4, 1, start), (277, 3, 1, 3), (278, 4, 1, height), (279, 4, 1, jpeg.count),
                (282, 5, 1, resolution),
                (283, 5, 1, resolution), (296, 3, 1, 3), (65420, 4, 1, 1), (65421, 11, 1, Int(level.lens.bitPattern)),
                (65424, 9, 1, 0), (65426, 4, starts.count, starts.count == 1 ? starts[0] : mcus),
            ]
            bytes.replaceSubrange(pointer..<pointer + 8, with: little(bytes.count, 8))
            bytes += little(entries.count, 2)
            for (tag, type, count, value) in entries {
                bytes += little(tag, 2) + little(type, 2) + little(count, 4) + little(value, 4)
            }
            pointer = bytes.count
            bytes += little(0, 8)
        }
        return try TemporaryFile(bytes)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * $0) & 255) }
    }
}
