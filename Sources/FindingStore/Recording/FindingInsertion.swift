import Findings
import FoundationEssentials
import GRDB
import GRDBSQLite
import Listings

/// Inserts the findings of an analysis by SQLite's own statement: of a hundred thousand, GRDB's arguments would take most of the
/// time.
struct FindingInsertion {
    private let db: Database
    private let statement: Statement
    private let scan: ContentHash
    private let pipeline: ContentHash
    private let analysis: Int64
    /// The texts of one row, which are bound where they lie, and their columns.
    private var bytes: [UInt8] = []
    private var texts: [(column: Int32, range: Range<Int>)] = []

    init(scan: ContentHash, pipeline: ContentHash, analysis: Int64, _ db: Database) throws {
        (self.db, self.scan, self.pipeline, self.analysis) = (db, scan, pipeline, analysis)
        statement = try db.cachedStatement(
            sql: """
                INSERT INTO findings (finding_id, analysis_id, ordinal, kind, label, confidence, raw_confidence, x, y, width,
                    height, centroid_x, centroid_y, area_px, area_um2, probabilities, measurements, geometry, image)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
    }

    /// - Throws: for a finding that breaks an invariant, such as a confidence of NaN.
    mutating func insert(_ finding: Finding) throws {
        let row = statement.sqliteStatement
        bytes.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        addText(1, FindingID(scan: scan, pipeline: pipeline, ordinal: finding.ordinal).hexadecimal)
        sqlite3_bind_int64(row, 2, analysis)
        sqlite3_bind_int64(row, 3, Int64(finding.ordinal))
        addText(4, finding.kind.rawValue)
        addText(5, finding.label)
        for (column, number) in [(6, finding.confidence), (7, finding.rawConfidence)] as [(Int32, Double)] {
            sqlite3_bind_double(row, column, number)
        }
        sqlite3_bind_int64(row, 8, Int64(finding.box.x))
        sqlite3_bind_int64(row, 9, Int64(finding.box.y))
        sqlite3_bind_int64(row, 10, Int64(finding.box.width))
        sqlite3_bind_int64(row, 11, Int64(finding.box.height))
        sqlite3_bind_double(row, 12, finding.centroid.x)
        sqlite3_bind_double(row, 13, finding.centroid.y)
        if let area = finding.areaPixels { sqlite3_bind_int64(row, 14, area) } else { sqlite3_bind_null(row, 14) }
        if let area = finding.areaSquareMicrometres {
            sqlite3_bind_double(row, 15, area)
        } else {
            sqlite3_bind_null(row, 15)
        }
        add(16) { bytes in
            JSONValue.object(finding.probabilities.map { JSONValue.Member($0.label, .number($0.probability)) })
                .write(to: &bytes)
        }
        add(17) { bytes in JSONValue.numbers(finding.measurements).write(to: &bytes) }
        sqlite3_bind_int64(row, 19, Int64(finding.image))
        try finding.geometry.withBytes { geometry in
            sqlite3_bind_blob(row, 18, geometry.baseAddress, Int32(clamping: geometry.count), nil)
            try bytes.withUnsafeBytes { bytes in
                for (column, range) in texts {
                    sqlite3_bind_text(
                        row, column,
                        (bytes.baseAddress.map { $0 + range.lowerBound })?.assumingMemoryBound(to: CChar.self),
                        Int32(clamping: range.count), nil)
                }
                try step(row)
            }
        }
    }

    private mutating func addText(_ column: Int32, _ text: String) {
        // To the first NUL, as GRDB binds texts.
        add(column) { $0.append(contentsOf: text.utf8.prefix { $0 != 0 }) }
    }

    private mutating func add(_ column: Int32, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        texts.append((column, start..<bytes.count))
    }

    private func step(_ row: OpaquePointer) throws {
        let code = sqlite3_step(row)
        // Before the statement is reset, which forgets why.
        let failure =
            code == SQLITE_DONE
            ? nil
            : DatabaseError(
                resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
        sqlite3_reset(row)
        // What was bound lies there no more.
        sqlite3_clear_bindings(row)
        if let failure { throw failure }
    }
}

extension Data? {
    /// No bytes at no address where there are none: NULL to SQLite.
    fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        guard let self else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return try self.withUnsafeBytes(body)
    }
}
