import Findings
import FoundationEssentials
import GRDB
import Listings

/// Writes the audit chain: an append-only table in which each entry holds the hash of the one before it.
///
/// Every function belongs in the transaction that makes the rows it vouches for. The chain is no secret and has no
/// key: whoever can write the file can write a whole new chain. It is the heads noted elsewhere that show that.
enum AuditChain {
    static let origin = ContentHash(digest: [UInt8](repeating: 0, count: 32))

    /// Appends an entry that vouches for a row that was just written.
    static func vouch(_ event: AuditEvent, for subject: Int64, _ db: Database) throws {
        var writer = try ChainWriter(db)
        try writer.vouch(event, for: subject)
    }

    /// Appends an entry that vouches for all scans and sightings as they are now.
    static func vouchForCatalogue(_ db: Database) throws {
        try append(.catalogue, digest: try RowDigest.ofCatalogue(db), db)
    }

    /// - Returns: the entry's number.
    @discardableResult
    static func append(
        _ event: AuditEvent, digest: ContentHash? = nil, details: JSONValue = .object([:]), _ db: Database
    ) throws -> Int64 {
        var writer = try ChainWriter(db)
        return try writer.append(event, digest: digest, details: details)
    }

    /// The last entry; of a chain that is still empty, what its first one goes back to.
    static func head(_ db: Database) throws -> (number: Int64, hash: ContentHash) {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"))
        guard let row else { return (0, origin) }
        return (try row.integer("seq"), try row.hash("hash"))
    }
}
