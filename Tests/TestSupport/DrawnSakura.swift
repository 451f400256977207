import Foundation
import GRDB

/// Sakura's scans: databases with a grey JPEG for each tile and colour, of two levels.
///
/// By what OpenSlide reads of it (`openslide-vendor-sakura.c`).
public struct DrawnSakura {
    public static let tile = 256

    /// Tiles of level 0.
    public let columns: Int
    public let rows: Int
    /// In micrometres per pixel.
    public var spacing = 0.5
    /// The colour of a pixel of the whole slide.
    public let colour: (_ x: Int, _ y: Int) -> [UInt8]

    public var width: Int { columns * Self.tile }
    public var height: Int { rows * Self.tile }

    public init(columns: Int, rows: Int, colour: @escaping (_ x: Int, _ y: Int) -> [UInt8]) {
        (self.columns, self.rows, self.colour) = (columns, rows, colour)
    }

    public func write(_ name: String, in folder: TemporaryFolder) throws {
        let queue = try DatabaseQueue(path: folder[name])
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        try queue.write { db in
            try db.execute(sql: tables)
            let header = little(Self.tile) + little(width) + little(height) + little(0) + little(1)
            try db.execute(sql: "INSERT INTO blobs VALUES ('Header', ?)", arguments: [Data(header)])
            for factor in [1, 2] {
                let step = factor * Self.tile
                for (x, y) in stride(from: 0, to: width, by: step).flatMap({ x in
                    stride(from: 0, to: height, by: step).map { (x, $0) }
                }) {
                    for channel in 0..<3 {
                        let jpeg = try DrawnJPEG.picture(
                            pixels(x, y, factor, channel), width: Self.tile, height: Self.tile)
                        try db.execute(
                            sql: "INSERT INTO blobs VALUES (?, ?)",
                            arguments: ["T;\(x)|\(y);\(factor);\(channel);0", Data(jpeg)])
                    }
                }
            }
        }
        try queue.close()
    }

    /// Of a tile in one colour, as grey; white where it reaches beyond the slide.
    private func pixels(_ x: Int, _ y: Int, _ factor: Int, _ channel: Int) -> [UInt8] {
        (0..<Self.tile).flatMap { v in
            (0..<Self.tile).flatMap { u in
                let (column, row) = (x + factor * u, y + factor * v)
                let grey = column < width && row < height ? colour(column, row)[channel] : 255
                return [grey, grey, grey]
            }
        }
    }

    private var tables: String {
        """
        CREATE TABLE DataManagerSQLiteConfigXPO (TableName TEXT);
        INSERT INTO DataManagerSQLiteConfigXPO VALUES ('blobs');
        CREATE TABLE blobs (id TEXT, data BLOB);
        INSERT INTO blobs VALUES ('++MagicBytes', 'SVGigaPixelImage'), ('++VersionBytes', '1');
        CREATE TABLE SVSlideDataXPO (OID INTEGER, SlideId TEXT, Date TEXT, Description TEXT, Creator TEXT,
            DiagnosisCode TEXT, Keywords TEXT, m_labelScan INTEGER, m_overviewScan INTEGER);
        INSERT INTO SVSlideDataXPO VALUES (1, 's', 'd', 'd', 'c', 'd', 'k', 1, 2);
        CREATE TABLE SVHRScanDataXPO (OID INTEGER, ParentSlide INTEGER, ScanId TEXT, Date TEXT, Name TEXT,
            Description TEXT, ResolutionMmPerPix REAL, NominalLensMagnification REAL, FocussingMethod TEXT,
            ThumbnailImage BLOB);
        INSERT INTO SVHRScanDataXPO VALUES (1, 1, 's', 'd', 'n', 'd', \(spacing / 1_000), 20, 'f', NULL);
        CREATE TABLE SVScannedImageDataXPO (OID INTEGER, Image BLOB);
        """
    }
}
