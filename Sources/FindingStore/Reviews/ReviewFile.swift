import Findings
import FoundationEssentials
import GRDB
import Listings

/// Reviews of a database's findings: an SQLite file of their own beside it, so that a run stays the database's one writer.
///
/// Reviews are added, never changed: of several of one finding the newest verdict counts, and a mere note where there is
/// none. A review names its finding by its id, which is the same in every database that holds it.
public final class ReviewFile: Sendable {
    public let path: String
    let database: DatabaseQueue
    private let isEmpty: Bool

    /// "scrv" in ASCII.
    private static let applicationID: Int64 = 0x7363_7276
    private static let version: Int64 = 1

    public static func path(besides database: String) -> String { database + "-reviews" }

    /// The file beside a database, to be read; nil where nobody has reviewed anything.
    public static func ifPresent(besides database: String) throws(StoreError) -> ReviewFile? {
        let file = try DatabaseFile(at: path(besides: database))
        guard file.exists else { return nil }
        let reviews = try ReviewFile(file, writes: false)
        // Of one that was being made when its maker was killed.
        return reviews.isEmpty ? nil : reviews
    }

    /// The file beside a database, to be added to; made where it is missing, for its owner only.
    public static func forWriting(besides database: String) throws(StoreError) -> ReviewFile {
        let file = try DatabaseFile(at: path(besides: database))
        if !file.exists { try file.createIfMissing() }
        return try ReviewFile(file, writes: true)
    }

    private init(_ file: DatabaseFile, writes: Bool) throws(StoreError) {
        path = file.path
        try file.requireRegular()
        do {
            var configuration = Configuration()
            // A reader writes nothing, but is not opened as one: whoever comes after a writer that was killed takes back what
            // it left half done, which SQLite does not let a read-only connection do. Where the file cannot be written,
            // SQLite reads it all the same.
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")
                try db.execute(
                    sql: writes ? "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON" : "PRAGMA query_only = ON")
            }
            database = try DatabaseQueue(path: file.path, configuration: configuration)
            if writes { try database.write { db in try Self.createTable(db) } }
            isEmpty = try database.read { db in try Self.isEmpty(db, path: file.path) }
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    static func createTable(_ db: Database) throws {
        guard try Int64.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else { return }
        try db.execute(
            sql: """
                CREATE TABLE reviews (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    finding_id TEXT NOT NULL CHECK (length(finding_id) = 32 AND finding_id NOT GLOB '*[^0-9a-f]*'),
                    verdict TEXT NOT NULL CHECK (verdict IN ('agreed', 'relabelled', 'rejected', 'noted')),
                    label TEXT CHECK (label <> ''),
                    note TEXT NOT NULL,
                    reviewer TEXT NOT NULL CHECK (reviewer <> ''),
                    reviewed_at TEXT NOT NULL,
                    CHECK ((verdict = 'relabelled') = (label IS NOT NULL)),
                    CHECK (verdict <> 'noted' OR note <> '')
                ) STRICT;
                CREATE INDEX reviews_by_finding ON reviews (finding_id, id);
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                """)
    }

    /// - Throws: `StoreError` of kind `unusable` for what is no file of reviews.
    private static func isEmpty(_ db: Database, path: String) throws -> Bool {
        guard try Int64.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") != 0 else { return true }
        guard try Int64.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            throw StoreError(
                .unusable(.foreign), "\(path.printable) holds no reviews: it is a database of another program")
        }
        guard try Int64.fetchOne(db, sql: "PRAGMA user_version") == version else {
            throw StoreError(.unusable(.newer), "the reviews in \(path.printable) are of a newer program")
        }
        return false
    }

    /// Adds a review, on the disk before this returns.
    public func add(_ review: Review, of finding: FindingID) throws(StoreError) {
        _ = try add([(finding, review)])
    }

    /// Adds those that are not there to the letter, all or none.
    ///
    /// - Returns: how many are new.
    func add(_ reviews: [(finding: FindingID, review: Review)]) throws(StoreError) -> Int {
        try write { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT INTO reviews (finding_id, verdict, label, note, reviewer, reviewed_at)
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
                        SELECT 1 FROM reviews WHERE finding_id = ?1 AND verdict = ?2 AND label IS ?3 AND note = ?4
                            AND reviewer = ?5 AND reviewed_at = ?6)
                    """)
            var count = 0
            for (finding, review) in reviews {
                try statement.execute(arguments: [
                    finding.hexadecimal, review.verdict.rawValue, review.label, review.note, review.reviewer,
                    review.at.description,
                ])
                count += db.changesCount
            }
            return count
        }
    }

    /// Of one finding, the newest first.
    public func reviews(of finding: FindingID) throws(StoreError) -> [Review] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM reviews WHERE finding_id = ? ORDER BY reviewed_at DESC, id DESC",
                arguments: [finding.hexadecimal])
            return try rows.map(Review.init)
        }
    }

    /// All of them, the oldest first.
    public func all() throws(StoreError) -> [(finding: FindingID, review: Review)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM reviews ORDER BY reviewed_at, id").map { row in
                guard let id = FindingID(hexadecimal: try row.text("finding_id")) else {
                    throw DamagedRow(column: "finding_id")
                }
                return (id, try Review(row))
            }
        }
    }

    /// What counts of all that was said of each finding.
    ///
    /// - Parameter reviews: the oldest first.
    static func standing(_ reviews: [(finding: FindingID, review: Review)]) -> [FindingID: Review] {
        var standing: [FindingID: Review] = [:]
        for (finding, review) in reviews {
            if review.verdict == .noted, let known = standing[finding], known.verdict != .noted { continue }
            standing[finding] = review
        }
        return standing
    }

    /// Erases what was said of these findings, also from the file's free space.
    ///
    /// - Returns: how many reviews went.
    func erase(_ findings: Set<FindingID>) throws(StoreError) -> Int {
        let count = try write { db in
            let statement = try db.makeStatement(sql: "DELETE FROM reviews WHERE finding_id = ?")
            var count = 0
            for finding in findings {
                try statement.execute(arguments: [finding.hexadecimal])
                count += db.changesCount
            }
            return count
        }
        do {
            try database.writeWithoutTransaction { db in try db.execute(sql: "VACUUM") }
        } catch {
            throw StoreError(error, path: path)
        }
        return count
    }

    /// Copies the reviews as they are now into a new file.
    func backUp(to file: DatabaseFile) throws(StoreError) {
        do {
            try file.createIfMissing()
            let copy = try DatabaseQueue(path: file.path)
            try database.backup(to: copy)
            try copy.close()
            try file.synchronise()
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.write(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

extension Review {
    fileprivate init(_ row: Row) throws {
        let review = Review(
            try row.name("verdict"), label: try row.optionalText("label"), note: try row.text("note"),
            by: try row.text("reviewer"), at: try row.moment("reviewed_at"))
        guard let review else { throw DamagedRow(column: "reviewer") }
        self = review
    }
}
