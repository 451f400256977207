import Findings
import GRDB

extension FindingStore {
    /// Folders that held scans in folders of their own, and folders of parts of MIRAX scans, absolute. (Of a single scan that was given to a run, the folder is
    /// nobody's in particular.)
    public func scanFolders() throws(StoreError) -> [String] {
        try read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT folder FROM sightings WHERE instr(path, '/') > 0
                    UNION SELECT folder || '/' || substr(path, 1, length(path) - 5) FROM sightings WHERE path LIKE '%.mrxs'
                    """)
        }
    }

    /// Whether a file is a scan that a run has read: under this or another name the same file as then, or in the place of
    /// one. The number of its inode alone says little: the next file gets that of one that is gone.
    ///
    /// - Parameter place: absolute, without links.
    public func isKnownFile(_ file: FileStamp, at place: ScanPath) throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(
                db,
                // Another name for a file changes its time of change.
                sql: """
                    SELECT EXISTS (
                            SELECT 1 FROM file_stamps
                            WHERE device = ? AND inode = ? AND byte_count = ? AND modified_ns = ?)
                        OR EXISTS (SELECT 1 FROM sightings WHERE folder = ? AND path = ?)
                    """,
                arguments: [
                    Int64(bitPattern: file.device), Int64(bitPattern: file.inode), file.size, file.modifiedNanoseconds,
                    place.parent.text, place.lastComponent,
                ]) ?? false
        }
    }
}
