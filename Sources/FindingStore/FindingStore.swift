import Findings
import GRDB

/// The database: who has which scans, what was found in them, and where every finding comes from.
///
/// One process writes, any number read meanwhile, and neither waits for the other (SQLite's write-ahead log). All calls
/// are synchronous and may come from any thread; none may be made from within the body of another.
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

    init(path: String, database: DatabaseQueue, schema: Schema, lock: HeldLock?) {
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

    /// One consistent view of the database, untouched by what is written meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// One transaction: all of it or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.write(body)
        } catch {
            throw StoreError(error, path: path)
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
