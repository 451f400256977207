import Findings
import GRDB
import Listings

extension FindingStore {
    /// Records what the codes on a scan's label say, unless that is known.
    ///
    /// - Throws: `refused` for an unknown scan.
    public func recordLabel(_ codes: [String], of scan: ContentHash) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO labels (scan_id, codes, salt) VALUES (?, ?, randomblob(16)) ON CONFLICT DO NOTHING
                    """, arguments: [try scanID(scan, db), JSONValue.texts(codes).compact])
            if db.changesCount > 0 { try AuditChain.vouch(.label, for: db.lastInsertedRowID, db) }
        }
    }
}
