import Foundation
import TIFF

/// JPEG of pieces that begin anew (restart intervals), as Hamamatsu's scanners write it, so that a reader can go to any of them.
public struct DrawnJPEG {
    public static let (pieceWidth, pieceHeight) = (256, 8)

    public let columns: Int
    public let rows: Int
    /// Of what is wider than JPEG knows, NDPI's says 0 x 0.
    public var hidesSize = false
    /// The pixels of a piece, `[pieceHeight, pieceWidth, 3]`.
    private let piece: (_ column: Int, _ row: Int) -> [UInt8]

    /// - Parameter piece: the pixels of a piece, `[pieceHeight, pieceWidth, 3]`.
    public init(columns: Int, rows: Int, piece: @escaping (_ column: Int, _ row: Int) -> [UInt8]) {
        (self.columns, self.rows, self.piece) = (columns, rows, piece)
    }

    /// - Parameter colour: that of all pixels of a piece.
    public init(columns: Int, rows: Int, colour: @escaping (_ column: Int, _ row: Int) -> [UInt8]) {
        self.init(
            columns: columns, rows: rows,
            piece: { column, row in
                let colour = colour(column, row)
                return (0..<Self.pieceWidth * Self.pieceHeight).flatMap { _ in colour }
            })
    }

    /// The file, and where each piece begins in it.
    public func file() throws -> (bytes: [UInt8], starts: [Int]) {
        var pieces: [[UInt8]: [UInt8]] = [:]
        var (jpeg, starts): ([UInt8], [Int]) = ([], [])
        for row in 0..<rows {
            for column in 0..<columns {
                let pixels = self.piece(column, row)
                let piece =
                    try pieces[pixels]
                    ?? Self.picture(pixels, width: Self.pieceWidth, height: Self.pieceHeight)
                pieces[pixels] = piece
                let scan = Self.scan(of: piece)
                if starts.isEmpty {
                    jpeg = header(Array(piece[..<scan.lowerBound]))
                } else {
                    jpeg += [0xFF, UInt8(0xD0 + (starts.count - 1) % 8)]
                }
                starts.append(jpeg.count)
                jpeg += piece[scan]
            }
        }
        return (jpeg + [0xFF, 0xD9], starts)
    }

    /// A picture without subsampling: of others a decoder wants the next piece too.
    ///
    /// - Parameter pixels: `[height, width, 3]`.
    public static func picture(_ pixels: [UInt8], width: Int, height: Int) throws -> [UInt8] {
        var layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: 3)
        layout.compression = .jpeg(quality: 100)
        layout.photometricInterpretation = .yCbCr
        layout.chromaSubsampling = .none
        layout.organisation = .strips(rowsPerStrip: height)
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows(pixels)
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
        let stripEnd = strip + tag(279).value
        return Array(bytes[tables.value..<tablesEnd]) + bytes[(strip + 2)..<stripEnd]
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

    /// The header of one piece as that of the whole.
    private func header(_ piece: [UInt8]) -> [UInt8] {
        func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        var header = Array(piece[..<2])
        var position = 2
        while position < piece.count {
            let end = position + 2 + Int(piece[position + 2]) << 8 + Int(piece[position + 3])
            var segment = Array(piece[position..<end])
            if segment[1] == 0xC0 {
                let (width, height) = (columns * Self.pieceWidth, rows * Self.pieceHeight)
                segment.replaceSubrange(5..<9, with: hidesSize ? [0, 0, 0, 0] : big(height) + big(width))
            }
            // A restart interval, in blocks of 8 x 8.
            if segment[1] == 0xDA { header += [0xFF, 0xDD, 0, 4] + big(Self.pieceWidth / 8) }
            header += segment
            position = end
        }
        return header
    }
}
