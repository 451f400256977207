import Findings
import FoundationEssentials
import GRDB
import Listings

/// One link of the audit chain: it holds the hash of the one before it, and is held by the one after it.
struct AuditEntry: Sendable, Hashable {
    /// From 1, without gaps.
    let number: Int64
    let at: Timestamp
    let event: AuditEvent
    /// The row that the entry vouches for, in the table that the event names.
    let subject: Int64?
    /// Of what the entry vouches for.
    let digest: ContentHash?
    /// Of an analysis, the first bytes of each finding's hash, in order: they tell which finding is not what it was.
    let parts: Data?
    /// What else is to be known: a JSON object, without patient data.
    let details: String
    /// The hash of the entry before; all zeros for the first.
    let previous: ContentHash

    /// Over everything above.
    var hash: ContentHash {
        var hasher = RowHasher(domain: "scanreport audit entry 1")
        hasher.append([
            number.databaseValue, at.description.databaseValue, event.rawValue.databaseValue,
            subject?.databaseValue ?? .null, digest?.hexadecimal.databaseValue ?? .null,
            parts?.databaseValue ?? .null, details.databaseValue, previous.hexadecimal.databaseValue,
        ])
        return hasher.finish()
    }
}

extension AuditEntry {
    static let columns = "seq, at, event, subject, digest, parts, details, previous, hash"

    init(_ row: Row) throws {
        self.init(
            number: try row.integer("seq"), at: try row.moment("at"), event: try row.name("event"),
            subject: try row.optionalInteger("subject"),
            digest: try row.optionalText("digest") == nil ? nil : try row.hash("digest"),
            parts: try row.optionalBytes("parts"), details: try row.text("details"),
            previous: try row.hash("previous"))
    }
}
