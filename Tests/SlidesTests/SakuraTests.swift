import Foundation
import GRDB
import Slides
import TestSupport
import Testing

/// Sakura's scans: databases with a grey JPEG for each tile and colour.
@Suite struct SakuraTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let tile = 256

    /// By what OpenSlide reads of it (`openslide-vendor-sakura.c`): two levels of tiles of one colour each.
    private func draw(_ name: String) throws {
        let queue = try DatabaseQueue(path: folder[name])
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        try queue.write { db in
            try db.execute(
                sql: """
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
                    INSERT INTO SVHRScanDataXPO VALUES (1, 1, 's', 'd', 'n', 'd', 0.0005, 20, 'f', NULL);
                    CREATE TABLE SVScannedImageDataXPO (OID INTEGER, Image BLOB);
                    """)
            let header = little(Self.tile) + little(2 * Self.tile) + little(Self.tile) + little(0) + little(1)
            try db.execute(sql: "INSERT INTO blobs VALUES ('Header', ?)", arguments: [Data(header)])
            for (x, level) in [(0, 1), (Self.tile, 1), (0, 2)] {
                for (channel, grey) in [40, 80, x / 2 + 20].enumerated() {
                    let jpeg = try DrawnNDPI.square(of: [UInt8](repeating: UInt8(grey), count: 3), side: Self.tile)
                    try db.execute(
                        sql: "INSERT INTO blobs VALUES (?, ?)",
                        arguments: ["T;\(x)|0;\(level);\(channel);0", Data(jpeg)])
                }
            }
        }
        try queue.close()
    }

    @Test func tilesAreRead() throws {
        try draw("a.svslide")
        let scan = try ScanFormats.standard.open(path: folder["a.svslide"])
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "sakura")
        #expect(pyramid.levels.map(\.width) == [512, 256] && pyramid.levels.map(\.height) == [256, 128])
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        for (x, expected) in [(10, [40, 80, 20]), (300, [40, 80, 148])] {
            let pixel = try scan.pixels(of: pyramid.levels[0]).pixels(
                in: PixelWindow(x: x, y: 100, width: 1, height: 1)
            ).pixels
            #expect(zip(pixel, expected).allSatisfy { abs(Int($0) - $1) <= 2 }, "\(pixel)")
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
