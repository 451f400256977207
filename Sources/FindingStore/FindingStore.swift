import Findings
import GRDB
import GRDBSQLite

/// The database: who has which scans, what was found in them, and where every finding comes from.
///
/// One process writes, any number read meanwhile, and neither waits for the other (SQLite's write-ahead log). All calls
/// are synchronous and may come from any thread. Those that read may be made from within the body of another that reads:
/// what they then answer is of the same moment.
public final class FindingStore: Sendable {
    /// The schema that databases are written with; older ones are read too, and brought there before they are written.
    public static var schemaVersion: Int { Schema.current.version }

    /// Links resolved.
    public let path: String
    let database: DatabaseQueue
    /// As the database has it: older than this program's where it is only read.
    let schema: Schema
    /// Nil for reading. Released after the database is closed.
    private let lock: HeldLock?
    /// Nil for writing, and where nothing tells that the files have changed.
    private let mark: DatabaseMark?

    init(path: String, database: DatabaseQueue, schema: Schema, lock: HeldLock?, mark: DatabaseMark? = nil) {
        self.mark = mark
        self.path = path
        self.database = database
        self.schema = schema
        self.lock = lock
    }

    deinit {
        // The lock must outlive the connection, whose last act is to copy the log into the database.
        try? database.close()
        withExtendedLifetime(lock) {}
    }

    /// Closes the database now, and not with the value's life; nothing may follow but the end of the value.
    public func close() throws(StoreError) {
        do {
            try database.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Whether what is open for reading shows what it would if it were opened anew: nobody has put another database in its
    /// place, nor brought it to another schema. What a run writes shows either way.
    public var isUpToDate: Bool {
        guard let mark, let file = try? DatabaseFile(at: path), DatabaseMark(file) == mark else { return false }
        let version = try? database.inDatabase { db in try Int.fetchOne(db, sql: "PRAGMA user_version") }
        return version == schema.version
    }

    /// The hash of the audit chain's last entry.
    public func auditHead() throws(StoreError) -> ContentHash { try read { try AuditChain.head($0).hash } }

    /// Answers all that `body` asks from one consistent view of the database, untouched by what is written meanwhile.
    ///
    /// - Throws: `StoreError`, or what `body` throws.
    public func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try reading { _ in try body() }
    }

    /// One consistent view of the database: the caller's, where it has one.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try reading(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The same for a body that calls what is not ours: errors that are not the database's pass.
    func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try database.unsafeReentrantRead { db in
                guard !db.isInsideTransaction else { return try body(db) }
                return try db.readOnly {
                    try db.beginTransaction(.deferred)
                    defer { try? db.commit() }
                    return try body(db)
                }
            }
        } catch let error where error is DatabaseError || error is DamagedRow {
            throw StoreError(error, path: path)
        }
    }

    /// One transaction: all of it or nothing.
    ///
    /// - Throws: `inputOutput` where the database was deleted, moved or replaced meanwhile: what is written then is in a
    ///   file that nobody finds any more.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            let value = try database.write(body)
            try database.inDatabase { db in try requireInPlace(db) }
            return value
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

extension FindingStore {
    /// - Throws: `inputOutput` where the file at the database's path is not the one that is open.
    private func requireInPlace(_ db: Database) throws {
        var hasMoved: CInt = 0
        let code = sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        guard code == SQLITE_OK, hasMoved == 0 else {
            throw StoreError(
                .inputOutput,
                "the database \(path.printable) was deleted, moved or replaced while it was written: what was recorded "
                    + "is not there")
        }
    }
}

/// A `WriterLock` that a class can hold.
final class HeldLock: Sendable {
    private let lock: WriterLock

    init(_ lock: consuming WriterLock) {
        self.lock = lock
    }
}
