import Findings
import GRDB
import GRDBSQLite

/// Whether scans and sightings are as the chain last vouched for them, with what nightly runs change in them.
enum CatalogueInspection {
    /// - Returns: why it could not be told, in a sentence.
    static func inspect(_ db: Database, _ irregularities: inout Irregularities) throws -> [String] {
        let newest = try Row.fetchOne(
            db, sql: "SELECT seq, digest FROM audit WHERE event = 'catalogue' ORDER BY seq DESC LIMIT 1")
        guard let newest else {
            irregularities.note("audit chain", "no entry vouches for scans and sightings as a whole")
            return []
        }
        let entry = try newest.integer("seq")
        if try isRunOpen(db) {
            return ["a run is under way, or was cut short: when files were last seen is checked after the next one"]
        }
        if try RowDigest.ofCatalogue(db) != newest.hash("digest") {
            irregularities.note(
                "scans and sightings",
                "who has which scans, or since when, is not what audit entry \(entry) vouches for")
        }
        return []
    }

    /// Whether a run, or a merge, has begun since scans and sightings were last vouched for.
    static func isRunOpen(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM audit WHERE event = 'run'
                    AND seq > ifnull((
                        SELECT seq FROM audit WHERE event = 'catalogue' ORDER BY seq DESC LIMIT 1), 0))
                """) ?? false
    }
}

/// Whether every finding has the id that its scan, pipeline and ordinal give it.
enum FindingIDInspection {
    static func inspect(_ db: Database, _ irregularities: inout Irregularities) throws {
        let analyses = try Row.fetchCursor(
            db,
            sql: """
                SELECT a.id, s.sha256 AS scan, p.sha256 AS pipeline
                FROM analyses a JOIN scans s ON s.id = a.scan_id JOIN pipelines p ON p.id = a.pipeline_id
                """)
        let findings = try db.makeStatement(sql: "SELECT ordinal, finding_id FROM findings WHERE analysis_id = ?")
        while let analysis = try analyses.next() {
            let (scan, pipeline) = (try analysis.hash("scan"), try analysis.hash("pipeline"))
            // Of a million, GRDB's rows would take most of the time.
            try findings.forEachRow([try analysis.integer("id")], db) { row in
                let id = FindingID(scan: scan, pipeline: pipeline, ordinal: Int(sqlite3_column_int64(row, 0)))
                if sqlite3_column_text(row, 1).map({ String(cString: $0) }) != id.hexadecimal {
                    irregularities.note(
                        "finding \(id.hexadecimal.prefix(8))", "its id is not that of its scan and pipeline")
                }
            }
        }
    }
}
