import GRDB
import Glibc
import Listings

/// A stored value that the schema does not allow there.
struct DamagedRow: Error {
    let column: String
}

extension StoreError {
    /// What an error of SQLite, or of reading its rows, means for the database at `path`.
    init(_ error: any Error, path: String) {
        let database = "the database \(path.printable)"
        switch error {
        case let error as StoreError:
            self = error
        case let error as DamagedRow:
            self.init(.unusable(.damaged), "\(database) is damaged: a value in column \(error.column) is impossible")
        case let error as DatabaseError:
            self.init(error, database: database, path: path)
        default:
            self.init(.inputOutput, "\(database) cannot be used: \(error)")
        }
    }

    private init(_ error: DatabaseError, database: String, path: String) {
        let reason = (error.message ?? error.resultCode.description).printable
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self.init(.unusable(.notADatabase), "\(database) is not an SQLite database")
        case .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_FORMAT, .SQLITE_TOOBIG:
            self.init(.unusable(.damaged), "\(database) is damaged: \(reason)")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            let holder = ForeignLock.holder(of: path) ?? "another process"
            self.init(.busy, "\(database) is locked by \(holder): end it, or try later")
        case .SQLITE_FULL:
            self.init(.inputOutput, "\(database) cannot be written: the disk is full")
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(.cannotCreate, "\(database) cannot be written: \(reason)")
        case .SQLITE_CANTOPEN:
            self.init(.cannotCreate, "\(database), or a file beside it, cannot be opened: \(reason)")
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            self.init(.refused, "\(database) refuses a record: \(reason)")
        default:
            self.init(.inputOutput, "\(database) cannot be read or written: \(reason)")
        }
    }
}
