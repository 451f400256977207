import GRDB
import Listings

/// The tables, as a list of migrations of which each takes the schema one version further.
///
/// A released migration never changes. `PRAGMA user_version` counts those applied; `PRAGMA application_id` tells our
/// databases from others.
struct Schema: Sendable {
    /// "scrp" in ASCII.
    static let applicationID: Int64 = 0x7363_7270
    /// The version that brought the audit chain.
    static let firstWithAudit = 2
    /// The version that tells of a finding in which of its file's images it is.
    static let firstWithImages = 3
    /// The version that knows which files were moved to another patient, or overwritten.
    static let firstWithDepartures = 3
    /// The version from which on the chain vouches for file stamps, and failures can be accepted.
    static let firstWithVouchedStamps = 3
    static let firstWithAcceptances = 3
    /// The version that keeps what codes on labels say, within which outlines an analysis looked, and pictures of scans.
    static let firstWithLabels = 4
    static let firstWithOutlines = 4
    static let firstWithIllustrations = 4
    /// The version that brought vectors of parts of scans.
    static let firstWithEmbeddings = 4
    static let current = Schema(migrations: [createVersion1, createVersion2, createVersion3, createVersion4])

    /// `migrations[n]` makes version n + 1 of version n.
    let migrations: [@Sendable (Database) throws -> Void]

    var version: Int { migrations.count }

    /// The schema as an older program knew it.
    func upTo(_ version: Int) -> Schema { Schema(migrations: Array(migrations.prefix(version))) }

    /// The version of a database of ours, nil for one that is still empty.
    ///
    /// - Throws: `StoreError` of kind `unusable`.
    func recognise(_ db: Database, path: String) throws -> Int? {
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        // A first migration that was killed may have left the migrator's own table.
        let tables = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'"
        if application == 0, version == 0, try Int64.fetchOne(db, sql: tables) == 0 {
            return nil
        }
        guard application == Self.applicationID else {
            throw StoreError(.unusable(.foreign), "\(path.printable) is a database of another program")
        }
        guard version <= migrations.count else {
            throw StoreError(
                .unusable(.newer),
                "the database \(path.printable) has schema \(version); this program knows up to \(migrations.count)")
        }
        guard version > 0 else {
            throw StoreError(.unusable(.damaged), "the database \(path.printable) is damaged: it has no schema version")
        }
        return Int(version)
    }

    /// Keeps the database as it was before a migration, beside it, as `<database>.schema-<version>`.
    func backUp(_ db: Database, version: Int, path: String) throws {
        guard version < migrations.count else { return }
        let backup = try DatabaseFile(at: path + ".schema-\(version)")
        // An interrupted migration has left one; the database has not changed since.
        if backup.exists { return }
        let partial = try DatabaseFile(at: backup.path + ".partial")
        try partial.removeIfPresent()
        try partial.createIfMissing()
        try db.execute(sql: "VACUUM INTO ?", arguments: [partial.path])
        try partial.synchronise()
        try partial.rename(to: backup)
    }

    /// Applies what is missing, each migration in a transaction of its own. With the last one, whose tables are those
    /// that this program knows, the audit chain names them.
    ///
    /// - Parameter found: the version that the database had; nil for one that is still empty.
    func migrate(_ database: DatabaseQueue, from found: Int?) throws {
        var migrator = DatabaseMigrator()
        for (index, migration) in migrations.enumerated() {
            migrator.registerMigration("schema \(index + 1)") { db in
                try migration(db)
                try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
                guard index + 1 == version, version >= Self.firstWithAudit else { return }
                let versions: JSONValue = .object(["found": .integer(found ?? 0), "made": .integer(index + 1)])
                try AuditChain.append(.migration, details: versions, db)
                try AuditChain.vouchForCatalogue(db)
            }
        }
        try migrator.migrate(database)
    }
}

extension Schema {
    /// Removes what migrations have kept of a database as it was.
    ///
    /// - Returns: how many files there were.
    func removeBackups(of path: String) throws(StoreError) -> Int {
        var removed = 0
        for version in 1...version {
            for name in [path + ".schema-\(version)", path + ".schema-\(version).partial"] {
                let file = try DatabaseFile(at: name)
                guard file.exists else { continue }
                try file.removeIfPresent()
                removed += 1
            }
        }
        return removed
    }
}
