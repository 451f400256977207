import GRDB
import Listings

/// What went when a patient was erased.
public struct Erasure: Sendable, Hashable {
    public let scans: Int
    public let analyses: Int
    public let findings: Int
    /// What people said of them.
    public let reviews: Int
    /// Files that are known no more.
    public let files: Int
    /// Scans that another patient has too: they stay, as that patient's.
    public let keptScans: Int
    /// Runs of whose arguments some named the patient, or a file.
    public let redactedRuns: Int
    /// Backups of older schemas, removed because they held the patient.
    public let removedBackups: Int
}

extension Erasure {
    /// Deletes rows, in a transaction in which the chain says so first: the guards of the rows ask for that.
    ///
    /// - Parameter rows: those that the chain vouches for, by the event that it did so with.
    static func erase(
        _ rows: KeyValuePairs<AuditEvent, [Int64]>, as event: AuditEvent, details: [JSONValue.Member] = [],
        _ db: Database, deletion: () throws -> Void
    ) throws {
        let gone = rows.map { JSONValue.Member($0.key.rawValue, .array($0.value.map { .integer($0) })) }
        let entry = try AuditChain.append(event, details: .object(details + gone), db)
        try db.execute(sql: "INSERT INTO erasure (entry) VALUES (?)", arguments: [entry])
        try deletion()
        try db.execute(sql: "DELETE FROM erasure")
    }

    /// What the chain's deletions took: by event and row, the last entry that erased it.
    static func erasedRows(_ db: Database) throws -> [AuditEvent: [Int64: Int64]] {
        var erased: [AuditEvent: [Int64: Int64]] = [:]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT seq, details FROM audit WHERE event IN ('deletion', 'replacement') ORDER BY seq")
        while let row = try rows.next() {
            guard case .object(let members)? = try? JSONValue(parsing: row.text("details")) else { continue }
            for member in members {
                guard let event = AuditEvent(rawValue: member.name), case .array(let ids) = member.value else {
                    continue
                }
                for case .integer(let id) in ids { erased[event, default: [:]][id] = try row.integer("seq") }
            }
        }
        return erased
    }
}
