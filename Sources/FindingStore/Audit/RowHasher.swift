import Crypto
import Findings
import GRDB
import GRDBSQLite
import Glibc

/// A SHA-256 over values as the database holds them, in which no two lists of values read alike.
///
/// Each value is its type's digit, for texts and blobs its length, then its bytes; numbers are eight bytes, the most
/// significant first. What was hashed once must hash alike for ever: this never changes.
struct RowHasher {
    private var hasher = SHA256()
    /// Encoded and not hashed so far.
    private var pending: [UInt8] = []

    /// - Parameter domain: what is hashed, and by which rule: the same values mean other things in other tables.
    init(domain: String) {
        pending.reserveCapacity(1024)
        append(domain.databaseValue)
    }

    mutating func append(_ values: some Sequence<DatabaseValue>) {
        for value in values { Self.encode(value, into: &pending) }
        if pending.count >= 4096 { flush() }
    }

    mutating func append(_ value: DatabaseValue) {
        append(CollectionOfOne(value))
    }

    mutating func append(_ row: Row) {
        append(row.databaseValues)
    }

    /// Appends the first columns of the row that a statement is at, as `append(_:)` does with what GRDB reads of them.
    mutating func append(columns count: Int32, of statement: OpaquePointer) {
        for column in 0..<count { Self.encode(column, of: statement, into: &pending) }
        if pending.count >= 4096 { flush() }
    }

    /// Appends the digest's hexadecimal digits, as `append(_:)` does a text of them.
    mutating func append(hexadecimalOf digest: SHA256Digest) {
        pending.append(3)
        Self.append(UInt64(2 * SHA256Digest.byteCount), to: &pending)
        digest.withUnsafeBytes { bytes in
            for byte in bytes {
                pending.append(Self.digit(byte >> 4))
                pending.append(Self.digit(byte & 15))
            }
        }
        if pending.count >= 4096 { flush() }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    consuming func finish() -> ContentHash { ContentHash(digest: finishDigest()) }

    consuming func finishDigest() -> SHA256Digest {
        flush()
        return hasher.finalize()
    }

    private mutating func flush() {
        hasher.update(data: pending)
        pending.removeAll(keepingCapacity: true)
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func encode(_ column: Int32, of statement: OpaquePointer, into bytes: inout [UInt8]) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER:
            bytes.append(1)
            append(UInt64(bitPattern: sqlite3_column_int64(statement, column)), to: &bytes)
        case SQLITE_FLOAT:
            bytes.append(2)
            append(sqlite3_column_double(statement, column).bitPattern, to: &bytes)
        case SQLITE_TEXT:
            // To the first NUL, as GRDB reads texts.
            let text = sqlite3_column_text(statement, column)
            let count = text.map { strlen(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) } ?? 0
            bytes.append(3)
            append(UInt64(count), to: &bytes)
            bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
        case SQLITE_BLOB:
            let blob = UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
            bytes.append(4)
            append(UInt64(blob.count), to: &bytes)
            bytes.append(contentsOf: blob)
        default:
            bytes.append(0)
        }
    }

    private static func encode(_ value: DatabaseValue, into bytes: inout [UInt8]) {
        func append(_ number: UInt64) { Self.append(number, to: &bytes) }
        switch value.storage {
        case .null:
            bytes.append(0)
        case .int64(let integer):
            bytes.append(1)
            append(UInt64(bitPattern: integer))
        case .double(let number):
            bytes.append(2)
            append(number.bitPattern)
        case .string(let text):
            bytes.append(3)
            append(UInt64(text.utf8.count))
            bytes += text.utf8
        case .blob(let blob):
            bytes.append(4)
            append(UInt64(blob.count))
            bytes += blob
        }
    }
}
