import Findings
import GRDB

/// How often a pipeline failed on a scan.
public struct FailureCounts: Sendable, Hashable {
    public let all: Int
    /// Those that no busy machine and no person explains: not out of time, and not ended by somebody.
    public let lasting: Int

    public init(all: Int, lasting: Int) {
        self.all = all
        self.lasting = lasting
    }
}

/// What the database knows of files and their scans, for one pipeline and in one view of the database: for planning a
/// night, which asks it of every file.
public struct KnownFiles {
    /// What is known of a scan.
    public enum Standing: Sendable, Hashable {
        case new
        case done
        /// `isAccepted` where a person has said that they know.
        case failed(FailureCounts, isAccepted: Bool)
    }

    /// A file stamp that is not what the audit chain vouches for: somebody changed it.
    public struct ForgedStamp: Error {}

    private let db: Database
    private let schema: Schema
    private let pipeline: String

    fileprivate init(_ db: Database, schema: Schema, pipeline: ContentHash) {
        self.db = db
        self.schema = schema
        self.pipeline = pipeline.hexadecimal
    }

    /// The hash that a file with this stamp had; nil for a file that is new or has changed.
    ///
    /// - Throws: ``ForgedStamp`` for a row that must not be believed, or what the database throws.
    public func hash(of stamp: FileStamp) throws -> ContentHash? {
        let isVouchedFor = schema.version >= Schema.firstWithVouchedStamps
        let digest =
            isVouchedFor
            ? "(SELECT digest FROM audit WHERE event = 'stamp' AND subject = f.id ORDER BY seq DESC LIMIT 1)" : "NULL"
        let values: [any DatabaseValueConvertible] = [
            Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size, stamp.modifiedNanoseconds,
            stamp.changedNanoseconds,
        ]
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT sha256, \(digest) AS digest FROM file_stamps f
                    WHERE device = ? AND inode = ? AND byte_count = ? AND modified_ns = ? AND changed_ns = ?
                    """), arguments: StatementArguments(values))
        guard let row else { return nil }
        let sha256 = try row.text("sha256")
        if isVouchedFor {
            let found = RowDigest.ofStamp(values.map(\.databaseValue) + [sha256.databaseValue])
            // Nothing vouches for a row that somebody added.
            guard try found.hexadecimal == row.optionalText("digest") else { throw ForgedStamp() }
        }
        return ContentHash(hexadecimal: sha256)
    }

    /// - Parameter spacing: what the manifest gives for the scan, in micrometres per pixel: an analysis that went by
    ///   another, or by the file's own, is another one.
    public func standing(of scan: ContentHash, spacing: Double?) throws -> Standing {
        if try isDone(scan: scan, pipeline: pipeline, spacing: spacing, db) { return .done }
        let failures = try countFailures(scan: scan, pipeline: pipeline, spacing: spacing, db)
        if failures.all == 0 { return .new }
        return .failed(failures, isAccepted: try isAccepted(scan))
    }

    /// What the codes on a scan's label say; nil where it was not read so far.
    public func labelCodes(of scan: ContentHash) throws -> [String]? {
        guard schema.version >= Schema.firstWithLabels else { return nil }
        let statement = try db.cachedStatement(
            sql: "SELECT l.codes FROM labels l JOIN scans s ON s.id = l.scan_id WHERE s.sha256 = ?")
        return try Row.fetchOne(statement, arguments: [scan.hexadecimal])?.texts("codes")
    }

    private func isAccepted(_ scan: ContentHash) throws -> Bool {
        guard schema.version >= Schema.firstWithAcceptances else { return false }
        return try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM acceptances a JOIN scans s ON s.id = a.scan_id JOIN pipelines p ON p.id = a.pipeline_id
                        WHERE s.sha256 = ? AND p.sha256 = ?)
                    """), arguments: [scan.hexadecimal, pipeline]) ?? false
    }
}

extension FindingStore {
    /// - Parameter body: asks what it needs; it must not outlive the call.
    public func withKnownFiles<Value>(
        pipeline: ContentHash, _ body: (KnownFiles) throws -> Value
    ) throws(StoreError) -> Value {
        try read { db in try body(KnownFiles(db, schema: schema, pipeline: pipeline)) }
    }
}

/// What failed before its spacing was known counts for any.
func countFailures(scan: ContentHash, pipeline: String, spacing: Double?, _ db: Database) throws -> FailureCounts {
    let row = try Row.fetchOne(
        db.cachedStatement(
            sql: """
                SELECT count(*) AS every, count(*) FILTER (WHERE a.code NOT IN ('timeout', 'killed')) AS lasting
                FROM analyses a JOIN scans s ON s.id = a.scan_id JOIN pipelines p ON p.id = a.pipeline_id
                WHERE s.sha256 = ? AND p.sha256 = ? AND a.state = 'failed'
                    AND (a.spacing_source IS NULL OR \(givenSpacing) IS ?)
                """), arguments: [scan.hexadecimal, pipeline, spacing])
    return FailureCounts(all: row?["every"] ?? 0, lasting: row?["lasting"] ?? 0)
}
