import GRDB
import Listings

extension FindingStore {
    /// Copies the database as it is now into a new file, for its owner only, while a run may go on writing it. The copy
    /// needs no file beside it.
    ///
    /// - Throws: `cannotCreate` where the file is there already, or cannot be made.
    public func backUp(to path: String) throws(StoreError) {
        let file = try DatabaseFile(at: path)
        guard !file.exists else {
            throw StoreError(.cannotCreate, "\(path.printable) is there already: nothing was written over it")
        }
        // Under another name until it is whole; one that is there is of a backup that was killed.
        let partial = try DatabaseFile(at: file.path + ".partial")
        try partial.removeWithItsLog()
        try partial.createIfMissing()
        do {
            let copy = try DatabaseQueue(path: partial.path)
            try database.backup(to: copy)
            try copy.inDatabase { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            try partial.synchronise()
            try partial.rename(to: file)
        } catch {
            try? partial.removeWithItsLog()
            throw StoreError(error, path: path)
        }
    }
}
