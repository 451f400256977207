import Crypto
import Findings
import FoundationEssentials
import GRDB
import GRDBSQLite

/// The hash of what a row says, in full: what an entry of the audit chain vouches for.
///
/// Read back from the tables, so that it is of what is stored. Rows whose content could be guessed from the hash, for
/// they hold names, hold a random salt as well: with the row goes the salt, and the hash says nothing any more.
///
/// The queries and domains never change: a column that comes later gets an event, or a domain, of its own.
struct RowDigest: Sendable, Hashable {
    let hash: ContentHash
    /// Of an analysis: see `AuditEntry.parts`.
    let parts: Data?

    /// Bytes of a finding's hash that tell it from the others of its analysis.
    static let partLength = 8

    /// Nil where there is no such row, or the event vouches for none.
    init?(_ event: AuditEvent, of subject: Int64, _ db: Database) throws {
        guard let query = Self.queries[event],
            let row = try Row.fetchOne(db.cachedStatement(sql: query), arguments: [subject])
        else { return nil }
        var hasher = RowHasher(domain: "scanreport \(event.rawValue) 1")
        hasher.append(row)
        var parts: Data?
        switch event {
        case .pipeline:
            let models = try Row.fetchCursor(db.cachedStatement(sql: Self.modelsOfPipeline), arguments: [subject])
            while let model = try models.next() { hasher.append(model) }
        case .analysis:
            var starts: [UInt8] = []
            let statement = try db.cachedStatement(sql: Self.findingsOfAnalysis(db))
            try statement.forEachRow([subject], db) { row in
                let digest = Self.digest(ofFinding: row)
                hasher.append(hexadecimalOf: digest)
                digest.withUnsafeBytes { starts += $0.prefix(Self.partLength) }
            }
            parts = Data(starts)
        default: break
        }
        self.hash = hasher.finish()
        self.parts = parts
    }

    /// A finding that has nothing in the columns that came later hashes as it did before they came.
    ///
    /// - Parameter row: a statement that is at it: of a million, GRDB's rows would take most of the time.
    private static func digest(ofFinding row: OpaquePointer) -> SHA256Digest {
        let count = sqlite3_column_count(row)
        let isAsBefore = (firstFindingColumnCount..<count).allSatisfy {
            sqlite3_column_type(row, $0) == SQLITE_INTEGER && sqlite3_column_int64(row, $0) == 0
        }
        var hasher = RowHasher(domain: isAsBefore ? "scanreport finding 1" : "scanreport finding 2")
        hasher.append(columns: isAsBefore ? firstFindingColumnCount : count, of: row)
        return hasher.finishDigest()
    }

    /// Of a file stamp that is at hand, for the many that a night asks for.
    ///
    /// - Parameter values: in the order of the query for `.stamp`.
    static func ofStamp(_ values: [DatabaseValue]) -> ContentHash {
        var hasher = RowHasher(domain: "scanreport \(AuditEvent.stamp.rawValue) 1")
        hasher.append(values)
        return hasher.finish()
    }

    /// Of all scans and sightings, with what nightly runs change in them. Takes a second for some million rows.
    static func ofCatalogue(_ db: Database) throws -> ContentHash {
        var hasher = RowHasher(domain: "scanreport catalogue 1")
        for query in [scansInOrder, sightingsInOrder] {
            let rows = try Row.fetchCursor(db, sql: query)
            while let row = try rows.next() { hasher.append(row) }
            hasher.append(.null)
        }
        return hasher.finish()
    }

    private static let queries: [AuditEvent: String] = [
        .pipeline: """
        SELECT sha256, name, definition, engine_version, engine_precision, engine_instruction_set
        FROM pipelines WHERE id = ?
        """,
        .run: """
        SELECT p.sha256, r.arguments, r.host, r.program_version, r.started_at, r.salt
        FROM runs r JOIN pipelines p ON p.id = r.pipeline_id WHERE r.id = ?
        """,
        .runEnd: """
        SELECT id, ending, finished_at, found, done, skipped, failed, left_over
        FROM runs WHERE id = ? AND ending IS NOT NULL
        """,
        .sighting: """
        SELECT v.folder, v.path, s.sha256, p.name, v.first_run_id, v.salt
        FROM sightings v JOIN patients p ON p.id = v.patient_id LEFT JOIN scans s ON s.id = v.scan_id
        WHERE v.id = ?
        """,
        .analysis: """
        SELECT a.run_id, p.sha256, s.sha256, s.byte_count, a.sighting_id, a.state, a.status, a.remarks, a.quality,
            a.stage, a.code, a.message, a.spacing_um_px, a.spacing_source, a.started_at, a.finished_at
        FROM analyses a JOIN pipelines p ON p.id = a.pipeline_id LEFT JOIN scans s ON s.id = a.scan_id
        WHERE a.id = ?
        """,
        .embedding: """
        SELECT analysis_id, stage, space, unit, image, dimension, vectors, places FROM embeddings WHERE id = ?
        """,
        .reaffirmation: "SELECT analysis_id, run_id FROM reaffirmations WHERE id = ?",
        .departure: "SELECT sighting_id, run_id FROM departures WHERE id = ?",
        .stamp: "SELECT device, inode, byte_count, modified_ns, changed_ns, sha256 FROM file_stamps WHERE id = ?",
        .outlines: "SELECT analysis_id, sha256, corners FROM outlines WHERE id = ?",
        .label: "SELECT s.sha256, l.codes, l.salt FROM labels l JOIN scans s ON s.id = l.scan_id WHERE l.id = ?",
        .acceptance: """
        SELECT s.sha256, p.sha256, a.run_id FROM acceptances a JOIN scans s ON s.id = a.scan_id
            JOIN pipelines p ON p.id = a.pipeline_id WHERE a.id = ?
        """,
        .thumbnail: """
        SELECT s.sha256, t.image, t.width, t.height, t.jpeg FROM thumbnails t JOIN scans s ON s.id = t.scan_id
        WHERE t.id = ?
        """,
        .heatMap: """
        SELECT analysis_id, image, stage, classes, columns, rows, graded, levels FROM heat_maps WHERE id = ?
        """,
        .notice: "SELECT run_id, sentence FROM run_notices WHERE id = ?",
    ]

    private static let modelsOfPipeline = """
        SELECT u.position, u.role, u.name, m.sha256 FROM pipeline_models u JOIN models m ON m.id = u.model_id
        WHERE u.pipeline_id = ? ORDER BY u.position
        """

    /// What a finding is hashed with by the domain `scanreport finding 1`.
    private static let firstFindingColumns = """
        finding_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height, centroid_x, centroid_y,
            area_px, area_um2, probabilities, measurements, geometry
        """
    private static let firstFindingColumnCount: Int32 = 17
    /// What `scanreport finding 2` adds at the end; 0 where nothing was said of it before.
    private static let laterFindingColumns = ["image"]

    /// A database of before version 3 has the first columns alone.
    private static func findingsOfAnalysis(_ db: Database) throws -> String {
        let existing = try Set(db.columns(in: "findings").map(\.name))
        let later = laterFindingColumns.filter(existing.contains).map { ", " + $0 }.joined()
        return "SELECT \(firstFindingColumns)\(later) FROM findings WHERE analysis_id = ? ORDER BY ordinal"
    }

    private static let scansInOrder = """
        SELECT id, sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source FROM scans ORDER BY id
        """

    private static let sightingsInOrder = """
        SELECT id, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt FROM sightings ORDER BY id
        """
}
