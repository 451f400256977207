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
public final class KnownFiles {
    /// A file that did not change since it was hashed.
    public struct KnownFile {
        public let sha256: ContentHash
        /// Whether the pipeline has analysed its scan to the end.
        public let isDone: Bool
        fileprivate let scan: Int64?
    }

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
    private let pipelineID: Int64?
    private let files: Statement
    private let sightings: Statement

    fileprivate init(_ db: Database, schema: Schema, pipeline: ContentHash) throws {
        self.db = db
        self.schema = schema
        self.pipeline = pipeline.hexadecimal
        pipelineID = try Int64.fetchOne(
            db, sql: "SELECT id FROM pipelines WHERE sha256 = ?", arguments: [pipeline.hexadecimal])
        let digest =
            schema.version >= Schema.firstWithVouchedStamps
            ? "(SELECT digest FROM audit WHERE event = 'stamp' AND subject = f.id ORDER BY seq DESC LIMIT 1)" : "NULL"
        files = try db.makeStatement(
            sql: """
                SELECT f.sha256, \(digest) AS digest, s.id, EXISTS (
                        SELECT 1 FROM analyses a
                        WHERE a.scan_id = s.id AND a.pipeline_id = ?6 AND a.state = 'done' AND \(givenSpacing) IS ?7
                            AND \(givenOutlines(schema)) IS ?8
                    ) AS is_done
                FROM file_stamps f LEFT JOIN scans s ON s.sha256 = f.sha256
                WHERE f.device = ?1 AND f.inode = ?2 AND f.byte_count = ?3 AND f.modified_ns = ?4 AND f.changed_ns = ?5
                """)
        sightings = try db.makeStatement(
            sql: """
                SELECT v.id, p.name, v.patient_source FROM sightings v JOIN patients p ON p.id = v.patient_id
                WHERE v.folder = ? AND v.path = ? AND ifnull(v.scan_id, 0) = ?
                """)
    }

    /// The file with this stamp; nil for one that is new or has changed.
    ///
    /// - Parameters:
    ///   - spacing: see ``standing(of:spacing:outlines:)``; likewise `outlines`.
    /// - Throws: ``ForgedStamp`` for a row that must not be believed, or what the database throws.
    public func file(
        with stamp: FileStamp, spacing: Double? = nil, outlines: ContentHash? = nil
    ) throws -> KnownFile? {
        let values = [
            Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size, stamp.modifiedNanoseconds,
            stamp.changedNanoseconds,
        ].map(\.databaseValue)
        let arguments = StatementArguments(
            values + [
                pipelineID?.databaseValue ?? .null, spacing?.databaseValue ?? .null,
                outlines?.hexadecimal.databaseValue ?? .null,
            ])
        guard let row = try Row.fetchOne(files, arguments: arguments) else { return nil }
        let sha256 = try row.hash("sha256")
        if schema.version >= Schema.firstWithVouchedStamps {
            let found = RowDigest.ofStamp(values + [sha256.hexadecimal.databaseValue])
            // Nothing vouches for a row that somebody added.
            guard try found.hexadecimal == row.optionalText("digest") else { throw ForgedStamp() }
        }
        return KnownFile(
            sha256: sha256, isDone: try row.integer("is_done") != 0, scan: try row.optionalInteger("id"))
    }

    /// The rows of the file in this place as these patients'; nil unless all of it is recorded as it is now.
    public func sightings(
        of file: KnownFile, folder: String, path: String, patients: [Patient]
    ) throws -> [Int64]? {
        guard let scan = file.scan else { return nil }
        var found: [Patient: Int64] = [:]
        let rows = try Row.fetchCursor(sightings, arguments: [folder, path, scan])
        while let row = try rows.next() {
            // A source that a newer program knows is another one.
            guard let source = Patient.Source(rawValue: try row.text("patient_source")) else { continue }
            found[Patient(id: try row.text("name"), source: source)] = try row.integer("id")
        }
        let sightings = patients.compactMap { found[$0] }
        return sightings.count == patients.count ? sightings : nil
    }

    /// - Parameter spacing: what the manifest gives for the scan, in micrometres per pixel: an analysis that went by
    ///   another, or by the file's own, is another one.
    /// - Parameter outlines: the hash of those that it is to be looked at within, likewise.
    public func standing(of scan: ContentHash, spacing: Double?, outlines: ContentHash? = nil) throws -> Standing {
        let done = try isDone(
            scan: scan, pipeline: pipeline, spacing: spacing, outlines: outlines, db, schema: schema)
        if done { return .done }
        let failures = try countFailures(
            scan: scan, pipeline: pipeline, spacing: spacing, outlines: outlines, db, schema: schema)
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
func countFailures(
    scan: ContentHash, pipeline: String, spacing: Double?, outlines: ContentHash?, _ db: Database,
    schema: Schema
) throws -> FailureCounts {
    let row = try Row.fetchOne(
        db.cachedStatement(
            sql: """
                SELECT count(*) AS every, count(*) FILTER (WHERE a.code NOT IN ('timeout', 'killed')) AS lasting
                FROM analyses a JOIN scans s ON s.id = a.scan_id JOIN pipelines p ON p.id = a.pipeline_id
                WHERE s.sha256 = ? AND p.sha256 = ? AND a.state = 'failed'
                    AND (a.spacing_source IS NULL OR \(givenSpacing) IS ?) AND \(givenOutlines(schema)) IS ?
                """), arguments: [scan.hexadecimal, pipeline, spacing, outlines?.hexadecimal])
    return FailureCounts(all: row?["every"] ?? 0, lasting: row?["lasting"] ?? 0)
}
