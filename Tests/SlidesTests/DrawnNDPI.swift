import Foundation
import TIFF
import TestSupport

/// Hamamatsu's NDPI: classic TIFF with offsets of 64 bits, and one JPEG a level, of pieces that begin anew (restart intervals).
///
/// By the tags and quirks that OpenSlide's `openslide-vendor-hamamatsu.c` and `openslide-decode-tifflike.c` document.
enum DrawnNDPI {
    /// Pieces of one colour each, `pieceWidth` x `pieceHeight`.
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

    static let (pieceWidth, pieceHeight) = (256, 8)

    static func file(_ levels: [Level]) throws -> TemporaryFile {
        var bytes: [UInt8] = [0x49, 0x49, 42, 0] + little(0, 8)
        var pointer = 4
        for level in levels {
            let (jpeg, starts) = try jpeg(level)
            let (start, mcus) = (bytes.count, bytes.count + jpeg.count)
            let resolution = mcus + 4 * starts.count
            bytes += jpeg + starts.flatMap { little($0, 4) } + little(level.resolution, 4) + little(1, 4)
            let (width, height) = (level.columns * pieceWidth, level.rows * pieceHeight)
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

    /// - Returns: also where each piece begins in it.
    static func jpeg(_ level: Level) throws -> (bytes: [UInt8], starts: [Int]) {
        var pieces: [[UInt8]: [UInt8]] = [:]
        var (jpeg, starts): ([UInt8], [Int]) = ([], [])
        for row in 0..<level.rows {
            for column in 0..<level.columns {
                let colour = level.colour(column, row)
                let piece = try pieces[colour] ?? Self.piece(of: colour)
                pieces[colour] = piece
                let scan = scan(of: piece)
                if starts.isEmpty {
                    jpeg = header(Array(piece[..<scan.lowerBound]), of: level)
                } else {
                    jpeg += [0xFF, UInt8(0xD0 + (starts.count - 1) % 8)]
                }
                starts.append(jpeg.count)
                jpeg += piece[scan]
            }
        }
        return (jpeg + [0xFF, 0xD9], starts)
    }

    /// As a JPEG without subsampling: of others a decoder wants the next piece too.
    private static func piece(of colour: [UInt8]) throws -> [UInt8] {
        try jpeg(of: colour, width: pieceWidth, height: pieceHeight)
    }

    /// A picture of one colour.
    static func square(of colour: [UInt8], side: Int) throws -> [UInt8] {
        try jpeg(of: colour, width: side, height: side)
    }

    private static func jpeg(of colour: [UInt8], width: Int, height: Int) throws -> [UInt8] {
        var layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: 3)
        layout.compression = .jpeg(quality: 100)
        layout.photometricInterpretation = .yCbCr
        layout.chromaSubsampling = .none
        layout.organisation = .strips(rowsPerStrip: height)
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows((0..<width * height).flatMap { _ in colour })
        try writer.finish()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
        func integer(_ position: Int, _ count: Int) -> Int {
            (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
        }
        let directory = integer(4, 4)
        func tag(_ number: Int) -> (count: Int, value: Int) {
            let entry = (0..<integer(directory, 2)).map { directory + 2 + 12 * $0 }.first { integer($0, 2) == number }
            return entry.map { (integer($0 + 4, 4), integer($0 + 8, 4)) } ?? (0, 0)
        }
        // Without the end of the one image and the start of the other.
        let (tables, strip) = (tag(347), tag(273).value)
        let tablesEnd = tables.value + tables.count - 2
        var jpeg = Array(bytes[tables.value..<tablesEnd])
        let stripEnd = strip + tag(279).value
        jpeg += bytes[(strip + 2)..<stripEnd]
        return jpeg
    }

    /// Where the entropy-coded data of a JPEG lies: behind the header of its scan, before the end of the image.
    private static func scan(of jpeg: [UInt8]) -> Range<Int> {
        var position = 2
        while true {
            let isScan = jpeg[position + 1] == 0xDA
            position += 2 + Int(jpeg[position + 2]) << 8 + Int(jpeg[position + 3])
            if isScan { return position..<jpeg.count - 2 }
        }
    }

    /// The header of one piece as that of the level.
    private static func header(_ piece: [UInt8], of level: Level) -> [UInt8] {
        func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        var header = Array(piece[..<2])
        var position = 2
        while position < piece.count {
            let end = position + 2 + Int(piece[position + 2]) << 8 + Int(piece[position + 3])
            var segment = Array(piece[position..<end])
            if segment[1] == 0xC0 {
                let (width, height) = (level.columns * pieceWidth, level.rows * pieceHeight)
                segment.replaceSubrange(5..<9, with: level.hidesSize ? [0, 0, 0, 0] : big(height) + big(width))
            }
            // A restart interval, in blocks of 8 x 8.
            if segment[1] == 0xDA { header += [0xFF, 0xDD, 0, 4] + big(pieceWidth / 8) }
            header += segment
            position = end
        }
        return header
    }
}
