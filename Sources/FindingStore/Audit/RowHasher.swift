import Crypto
import Findings
import GRDB

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

    consuming func finish() -> ContentHash {
        flush()
        return ContentHash(digest: hasher.finalize())
    }

    private mutating func flush() {
        hasher.update(data: pending)
        pending.removeAll(keepingCapacity: true)
    }

    private static func encode(_ value: DatabaseValue, into bytes: inout [UInt8]) {
        func append(_ number: UInt64) {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
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
