import Findings
import FoundationEssentials
import GRDB
import GRDBSQLite

/// One finding as the database holds it, its texts as bytes and its JSON unread: for listings of very many.
///
/// One value serves for all findings of a listing, each in its turn.
public struct FindingRecord {
    /// 32 lower-case hexadecimal digits.
    public private(set) var id: [UInt8] = []
    public private(set) var ordinal = 0
    public private(set) var kind = Finding.Kind.scan
    public private(set) var label: [UInt8] = []
    public private(set) var confidence = 0.0
    public private(set) var rawConfidence = 0.0
    public private(set) var image = 0
    public private(set) var box = Finding.Box(x: 0, y: 0, width: 0, height: 0)
    public private(set) var centroid = Finding.Point(x: 0, y: 0)
    public private(set) var areaPixels: Int64?
    public private(set) var areaSquareMicrometres: Double?
    /// A JSON object, as it is stored.
    public private(set) var probabilities: [UInt8] = []
    /// A JSON object, as it is stored.
    public private(set) var measurements: [UInt8] = []
    /// Nil where there is none, or it was not asked for.
    public private(set) var geometry: Data?

    /// In the order of `read`.
    static let columns = """
        finding_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height, centroid_x, centroid_y, area_px,
        area_um2, probabilities, measurements
        """

    /// Takes the row that the statement is at.
    fileprivate mutating func read(_ row: StatementRow) throws {
        try row.text(0, into: &id)
        guard id.count == 32, id.allSatisfy({ isHexadecimalDigit($0) }) else { throw DamagedRow(column: "finding_id") }
        ordinal = Int(try row.integer(1))
        guard let kind = Finding.Kind(rawValue: try row.string(2)) else { throw DamagedRow(column: "kind") }
        self.kind = kind
        try row.text(3, into: &label)
        confidence = try row.number(4)
        rawConfidence = try row.number(5)
        box = Finding.Box(
            x: Int(try row.integer(6)), y: Int(try row.integer(7)), width: Int(try row.integer(8)),
            height: Int(try row.integer(9)))
        centroid = Finding.Point(x: try row.number(10), y: try row.number(11))
        areaPixels = row.isNull(12) ? nil : try row.integer(12)
        areaSquareMicrometres = row.isNull(13) ? nil : try row.number(13)
        try row.text(14, into: &probabilities)
        try row.text(15, into: &measurements)
        image = Int(try row.integer(16))
        geometry = row.isNull(17) ? nil : try row.blob(17)
    }
}

private func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6
}

extension FindingRecord {
    /// Calls `body` with each row of a statement that selects `columns`, the image and the geometry.
    ///
    /// By SQLite's own functions: GRDB's `Row` looks up every column by its name, and copies every text; a million findings
    /// took 8 s by it, and take 2 s so.
    static func forEach(
        of statement: Statement, arguments: StatementArguments, _ db: Database, _ body: (FindingRecord) throws -> Void
    ) throws {
        var record = FindingRecord()
        try statement.forEachRow(arguments, db) { pointer in
            try record.read(StatementRow(pointer: pointer))
            try body(record)
        }
    }
}

/// The row that a statement is at. A value of another type than expected is an error, as in `Row+Reading.swift`.
private struct StatementRow {
    let pointer: OpaquePointer

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

    private func expect(_ type: Int32, _ column: Int32) throws {
        guard sqlite3_column_type(pointer, column) == type else {
            throw DamagedRow(column: sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? "\(column)")
        }
    }

    func integer(_ column: Int32) throws -> Int64 {
        try expect(SQLITE_INTEGER, column)
        return sqlite3_column_int64(pointer, column)
    }

    func number(_ column: Int32) throws -> Double {
        try expect(SQLITE_FLOAT, column)
        return sqlite3_column_double(pointer, column)
    }

    func text(_ column: Int32, into bytes: inout [UInt8]) throws {
        try expect(SQLITE_TEXT, column)
        bytes.removeAll(keepingCapacity: true)
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: sqlite3_column_text(pointer, column), count: Int(sqlite3_column_bytes(pointer, column))))
    }

    func string(_ column: Int32) throws -> String {
        try expect(SQLITE_TEXT, column)
        let text = sqlite3_column_text(pointer, column)
        return String(
            decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(pointer, column))), as: UTF8.self
        )
    }

    func blob(_ column: Int32) throws -> Data {
        try expect(SQLITE_BLOB, column)
        let bytes = sqlite3_column_blob(pointer, column)
        return Data(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(pointer, column))))
    }
}
