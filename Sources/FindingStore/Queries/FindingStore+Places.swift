import Findings
import GRDB

extension FindingStore {
    /// Folders that held scans in folders of their own, absolute. (Of a single scan that was given to a run, the folder is
    /// nobody's in particular.)
    public func scanFolders() throws(StoreError) -> [String] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT folder FROM sightings WHERE instr(path, '/') > 0")
        }
    }

    /// Whether a file is, or was, a scan that a run has read.
    public func isKnownFile(_ file: FileStamp) throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM file_stamps WHERE device = ? AND inode = ?)",
                arguments: [Int64(bitPattern: file.device), Int64(bitPattern: file.inode)]) ?? false
        }
    }
}
