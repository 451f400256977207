import Findings
import GRDB

/// Whether every entry of the audit chain is what the next one holds the hash of.
struct ChainInspection {
    private(set) var entryCount = 0
    private(set) var head: ContentHash?

    /// - Parameter earlierHead: a head that the chain had at some time.
    mutating func inspect(
        _ db: Database, earlierHead: ContentHash?, _ irregularities: inout Irregularities
    ) throws {
        var isHeadFound = earlierHead == nil
        let rows = try Row.fetchCursor(db, sql: "SELECT \(AuditEntry.columns) FROM audit ORDER BY seq")
        var last: (number: Int64, hash: ContentHash) = (0, AuditChain.origin)
        while let row = try rows.next() {
            let number = try row.integer("seq")
            let place = "audit entry \(number)"
            if number != last.number + 1 { irregularities.note(place, "the entry before it is missing") }
            do {
                let (entry, hash) = (try AuditEntry(row), try row.hash("hash"))
                if entry.hash != hash {
                    irregularities.note(place, "it was changed: it does not have its own hash")
                } else if entry.previous != last.hash && number == last.number + 1 {
                    irregularities.note(place, "it does not hold the hash of the entry before: that one was changed")
                }
                last = (number, hash)
                if hash == earlierHead { isHeadFound = true }
            } catch let error as DamagedRow {
                irregularities.note(place, "it was changed: its \(error.column) is impossible")
                last.number = number
            }
            entryCount += 1
        }
        if entryCount == 0 {
            irregularities.note("audit chain", "it is empty")
        } else {
            head = last.hash
        }
        if !isHeadFound {
            irregularities.note(
                "audit chain", "it does not hold the given head: it was cut, or written anew, or is another database's")
        }
    }
}
