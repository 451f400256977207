import GRDB
import Listings

extension FindingStore {
    /// Copies the database as it is now into a new file, for its owner only, while a run may go on writing it. The copy
    /// needs no file beside it. Reviews, where there are some, go into a file of their own beside it.
    ///
    /// - Throws: `cannotCreate` where a file is there already, or cannot be made.
    public func backUp(to path: String) throws(StoreError) {
        let file = try DatabaseFile(at: path)
        guard !file.exists else {
            throw StoreError(.cannotCreate, "\(path.printable) is there already: nothing was written over it")
        }
        let reviews = try ReviewFile.ifPresent(besides: self.path)
        let reviewFile = try DatabaseFile(at: ReviewFile.path(besides: file.path))
        if reviews != nil, reviewFile.exists {
            throw StoreError(
                .cannotCreate, "\(reviewFile.path.printable) is there already: nothing was written over it")
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
            try reviews?.backUp(to: reviewFile)
            try partial.rename(to: file)
        } catch {
            try? partial.removeWithItsLog()
            if reviews != nil { try? reviewFile.removeWithItsLog() }
            throw StoreError(error, path: path)
        }
    }
}
