import Findings
import GRDB

extension FindingStore {
    /// The hash that a file with this stamp had; nil for a file that is new or has changed.
    public func cachedHash(_ stamp: FileStamp) throws(StoreError) -> ContentHash? {
        try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT sha256 FROM file_stamps
                    WHERE device = ? AND inode = ? AND byte_count = ? AND modified_ns = ? AND changed_ns = ?
                    """)
            let hash = try String.fetchOne(
                statement,
                arguments: [
                    Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size,
                    stamp.modifiedNanoseconds, stamp.changedNanoseconds,
                ])
            return hash.flatMap(ContentHash.init(hexadecimal:))
        }
    }

    /// Remembers the hash of a file, in place of what its inode had before.
    public func rememberHash(_ hash: ContentHash, of stamp: FileStamp) throws(StoreError) {
        try write { db in try storeHash(hash, of: stamp, db) }
    }
}

func storeHash(_ hash: ContentHash, of stamp: FileStamp, _ db: Database) throws {
    try db.cachedStatement(
        sql: """
            INSERT INTO file_stamps (device, inode, byte_count, modified_ns, changed_ns, sha256)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (device, inode) DO UPDATE SET
                byte_count = excluded.byte_count, modified_ns = excluded.modified_ns, changed_ns = excluded.changed_ns,
                sha256 = excluded.sha256
            """
    ).execute(arguments: [
        Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size, stamp.modifiedNanoseconds,
        stamp.changedNanoseconds, hash.hexadecimal,
    ])
}
