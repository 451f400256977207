import GRDB
import GRDBSQLite

extension Statement {
    /// Calls `body` with SQLite's own statement at each row.
    func forEachRow(
        _ arguments: StatementArguments, _ db: Database, _ body: (OpaquePointer) throws -> Void
    ) throws {
        try setArguments(arguments)
        let pointer = sqliteStatement
        defer { sqlite3_reset(pointer) }
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: try body(pointer)
            case SQLITE_DONE: return
            case let code:
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
            }
        }
    }
}
