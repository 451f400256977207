import GRDB
import GRDBSQLite
import Listings

extension FindingStore {
    /// Opens the database for this process alone to write, creates it where it is missing (mode 0600), and brings an
    /// older schema up to date.
    ///
    /// - Parameters:
    ///   - briefly: whether it is for one record, so that others wait a moment for the end of it.
    ///   - waiting: told whom a write waits for that waits for more than a second, in a sentence.
    /// - Throws: `busy` while another process writes it, `unusable` for a file that is not ours to write (which stays
    ///   as it is), `cannotCreate` where the folder does not allow it.
    public static func openForWriting(
        at path: String, briefly: Bool = false, waiting: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StoreError) -> FindingStore {
        try openForWriting(at: path, briefly: briefly, waiting: waiting, schema: .current)
    }

    static func openForWriting(
        at path: String, briefly: Bool = false, patience: LockPatience = .standard,
        waiting: @escaping @Sendable (String) -> Void = { _ in }, schema: Schema
    ) throws(StoreError) -> FindingStore {
        let file = try DatabaseFile(at: path)
        if file.exists { try file.requireRegular() }
        let lockFile = try DatabaseFile(at: WriterLock.path(of: file.path))
        let lockIsNew = !lockFile.exists
        let lock = HeldLock(try WriterLock(database: file.path, briefly: briefly))
        try file.createIfMissing()
        do {
            let database = try DatabaseQueue(
                path: file.path, configuration: writingConfiguration(of: file, patience, waiting: waiting))
            let found = try database.inDatabase { db in
                let version = try schema.recognise(db, path: file.path)
                try prepareForWriting(db)
                if let version { try schema.backUp(db, version: version, path: file.path) }
                return version
            }
            try schema.migrate(database, from: found)
            return FindingStore(path: file.path, database: database, schema: schema, lock: lock)
        } catch {
            let error = StoreError(error, path: file.path)
            // Nobody of ours writes such a file: nothing is left beside it.
            if lockIsNew, [.unusable(.foreign), .unusable(.notADatabase)].contains(error.kind) {
                try? lockFile.removeIfPresent()
            }
            throw error
        }
    }

    /// Opens the database to read it as it is, in use or not, on read-only media too, without creating any file.
    ///
    /// - Throws: `missing`, or `unusable` for a file that is not a database of this program or a newer one.
    public static func openForReading(at path: String) throws(StoreError) -> FindingStore {
        try openForReading(at: path, schema: .current)
    }

    static func openForReading(at path: String, schema: Schema) throws(StoreError) -> FindingStore {
        let file = try DatabaseFile(at: path)
        try file.requireRegular()
        do {
            let mark = DatabaseMark(file)
            let mode = ReadingMode(of: file)
            let database = try DatabaseQueue(
                path: mode.location(of: file), configuration: mode.configuration)
            guard let version = try database.inDatabase({ try schema.recognise($0, path: file.path) }) else {
                let log = file.path + "-wal"
                throw file.isWithoutItsLog
                    ? StoreError(
                        .unusable(.damaged),
                        "\(file.path.printable) holds nothing without its write-ahead log, \(log.printable), which is not "
                            + "there: copy both, or make the copy with `scanreport backup`")
                    : StoreError(.unusable(.foreign), "\(file.path.printable) is empty: no run has written it so far")
            }
            return FindingStore(
                path: file.path, database: database, schema: schema.upTo(version), lock: nil,
                mark: mode == .shared ? mark : nil)
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    private static func writingConfiguration(
        of file: DatabaseFile, _ patience: LockPatience, waiting: @escaping @Sendable (String) -> Void
    ) -> Configuration {
        var configuration = commonConfiguration()
        configuration.busyMode = .callback(ForeignLock(on: file, patience: patience, waiting: waiting).wait)
        configuration.prepareDatabase { db in
            // The log and its index stay when the last connection closes: a reader finds them and so never has to
            // create them, nor to guess that nobody is about to write.
            var persist: CInt = 1
            guard sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &persist) == SQLITE_OK else {
                throw DatabaseError(resultCode: .SQLITE_IOERR, message: "the write-ahead log cannot be kept")
            }
        }
        return configuration
    }

    /// Only once the database is known to be ours: the journal mode is written into the file.
    private static func prepareForWriting(_ db: Database) throws {
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "no write-ahead log is possible there")
        }
        // What was committed is on the disk, whatever happens to the power.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        // What is deleted or replaced is overwritten, so that no page keeps it.
        try db.execute(sql: "PRAGMA secure_delete = ON")
        // Closing empties the log, and a long night's log shrinks again.
        try db.execute(sql: "PRAGMA journal_size_limit = 16777216")
        // The indices of a scan's hundred thousand findings, which are written in no order, stay at hand.
        try db.execute(sql: "PRAGMA cache_size = -32768")
    }
}

/// How a database can be read without creating a file.
enum ReadingMode {
    /// The log and its index are there: SQLite's own locks keep readers and the writer apart.
    case shared
    /// There is no log, so nobody is writing: the file is all there is.
    case immutable
    /// A log without its index: the files were copied from elsewhere, so nobody is writing. Without locks and with an
    /// index in its own memory, SQLite reads both.
    case unindexedLog

    init(of file: DatabaseFile) {
        if file.hasSharedMemory {
            self = .shared
        } else {
            self = (file.logByteCount ?? 0) > 0 ? .unindexedLog : .immutable
        }
    }

    func location(of file: DatabaseFile) -> String {
        switch self {
        case .shared: file.path
        case .immutable: file.uri("mode=ro&immutable=1")
        case .unindexedLog: file.uri("mode=ro&vfs=unix-none")
        }
    }

    /// For a connection that may write another database.
    func readOnlyLocation(of file: DatabaseFile) -> String {
        if case .shared = self { file.uri("mode=ro") } else { location(of: file) }
    }

    fileprivate var configuration: Configuration {
        var configuration = commonConfiguration()
        configuration.readonly = true
        configuration.prepareDatabase { db in
            // A database file is input from outside too: its views may call nothing but plain functions.
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        // A reader waits only while a writer opens or closes the database.
        configuration.busyMode = .timeout(5)
        if case .unindexedLog = self {
            configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        }
        return configuration
    }
}

private func commonConfiguration() -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA cell_size_check = ON")
        // Sorting must leave no patient data in files of its own.
        try db.execute(sql: "PRAGMA temp_store = MEMORY")
    }
    return configuration
}
