import Findings
import GRDB

extension FindingStore {
    /// Remembers the hash of a file, in place of what its inode had before.
    public func rememberHash(_ hash: ContentHash, of stamp: FileStamp) throws(StoreError) {
        try write { db in try storeHash(hash, of: stamp, db) }
    }
}

func storeHash(_ hash: ContentHash, of stamp: FileStamp, _ db: Database) throws {
    let id = try Int64.fetchOne(
        db.cachedStatement(
            sql: """
                INSERT INTO file_stamps (device, inode, byte_count, modified_ns, changed_ns, sha256)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (device, inode) DO UPDATE SET
                    byte_count = excluded.byte_count, modified_ns = excluded.modified_ns,
                    changed_ns = excluded.changed_ns, sha256 = excluded.sha256
                WHERE (byte_count, modified_ns, changed_ns, sha256)
                    IS NOT (excluded.byte_count, excluded.modified_ns, excluded.changed_ns, excluded.sha256)
                    OR NOT EXISTS (SELECT 1 FROM audit WHERE event = 'stamp' AND subject = file_stamps.id)
                RETURNING id
                """),
        arguments: [
            Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size, stamp.modifiedNanoseconds,
            stamp.changedNanoseconds, hash.hexadecimal,
        ])
    if let id { try AuditChain.vouch(.stamp, for: id, db) }
}
