import Findings
import FoundationEssentials
import GRDB
import Listings

/// Appends entries to the audit chain, all of one moment, within one transaction.
struct ChainWriter {
    private let db: Database
    private let at = Timestamp(Date())
    private var head: (number: Int64, hash: ContentHash)

    init(_ db: Database) throws {
        self.db = db
        head = try AuditChain.head(db)
    }

    /// - Returns: the entry's number.
    @discardableResult
    mutating func append(
        _ event: AuditEvent, subject: Int64? = nil, digest: ContentHash? = nil, parts: Data? = nil,
        details: JSONValue = .object([:])
    ) throws -> Int64 {
        let entry = AuditEntry(
            number: head.number + 1, at: at, event: event, subject: subject, digest: digest, parts: parts,
            details: details.compact, previous: head.hash)
        let hash = entry.hash
        try db.cachedStatement(
            sql: "INSERT INTO audit (\(AuditEntry.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            entry.number, at.description, event.rawValue, subject, digest?.hexadecimal, parts, entry.details,
            entry.previous.hexadecimal, hash.hexadecimal,
        ])
        head = (entry.number, hash)
        return entry.number
    }

    /// Appends an entry that vouches for a row that was just written.
    mutating func vouch(_ event: AuditEvent, for subject: Int64, details: JSONValue = .object([:])) throws {
        guard let digest = try RowDigest(event, of: subject, db) else {
            throw StoreError(.refused, "there is no \(event.rawValue) \(subject) to vouch for")
        }
        try append(event, subject: subject, digest: digest.hash, parts: digest.parts, details: details)
    }
}
