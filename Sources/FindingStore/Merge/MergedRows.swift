import Findings
import GRDB

/// Brings the rows of the attached database `source` into this one, in the caller's transaction, and has the audit chain
/// vouch for each. Sets of rows, never one by one: rows that have a name of their own (a hash, a patient's id, a place)
/// are found by it, all others get the next numbers.
struct MergedRows {
    private let db: Database
    /// As of which what the source saw last was seen.
    private let lastRun: Int64
    private let sourceLastRun: Int64

    init(_ db: Database, lastRun: Int64, sourceLastRun: Int64) {
        self.db = db
        self.lastRun = lastRun
        self.sourceLastRun = sourceLastRun
    }

    /// Every table of the schema, and whether a merge brings in rows of it: a test fails where one is not here.
    static let tables: [String: Bool] = [
        "patients": true, "scans": true, "file_stamps": true, "sightings": true, "analyses": true, "findings": true,
        "reaffirmations": true, "departures": true, "acceptances": true, "labels": true, "outlines": true,
        "thumbnails": true, "heat_maps": true, "embeddings": true, "run_notices": true, "runs": true, "models": true,
        "pipelines": true, "pipeline_models": true,
        // The merged chain vouches for the rows anew, and names the head of the source's.
        "audit": false, "erasure": false, "grdb_migrations": false,
    ]

    /// - Parameter runs: by number there, number here.
    mutating func merge(runs: [Int64: Int64]) throws -> MergeCounts {
        for name in ["runs", "pipelines", "scans", "patients", "sightings", "analyses"] {
            try db.execute(
                sql: "CREATE TEMP TABLE merged_\(name) (old INTEGER PRIMARY KEY, new INTEGER NOT NULL) STRICT")
        }
        try db.execute(sql: "CREATE TEMP TABLE fresh_analyses (old INTEGER PRIMARY KEY, new INTEGER NOT NULL) STRICT")
        for (old, new) in runs {
            try db.cachedStatement(sql: "INSERT INTO temp.merged_runs VALUES (?, ?)").execute(arguments: [old, new])
        }
        var counts = MergeCounts()
        counts.scans = try mergeNamedRows()
        var chain = try ChainWriter(db)
        counts.files = try vouching(.sighting, "sightings", &chain) { try mergeSightings() }
        let analyses = MergedAnalyses(db)
        try analyses.settle(&counts)
        // What was replaced has entries of its own.
        chain = try ChainWriter(db)
        counts.findings = try analyses.insert()
        counts.analyses = try vouch(.analysis, rows: "SELECT new FROM temp.fresh_analyses ORDER BY new", &chain)
        for table in MergedTable.all {
            _ = try vouching(table.event, table.name, &chain) { try db.execute(sql: table.insertion) }
        }
        for id in try Int64.fetchAll(db, sql: MergedTable.stamps) { try chain.vouch(.stamp, for: id) }
        for name in ["runs", "pipelines", "scans", "patients", "sightings", "analyses"] {
            try db.execute(sql: "DROP TABLE temp.merged_\(name)")
        }
        try db.execute(sql: "DROP TABLE temp.fresh_analyses")
        return counts
    }

    /// - Returns: how many scans are new.
    private func mergeNamedRows() throws -> Int {
        let known = try Int.fetchOne(db, sql: "SELECT count(*) FROM main.scans") ?? 0
        for statement in [
            "INSERT INTO main.patients (name) SELECT name FROM source.patients WHERE true ORDER BY id ON CONFLICT DO NOTHING",
            """
            INSERT INTO main.scans (sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source)
            SELECT sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source
            FROM source.scans WHERE true ORDER BY id
            ON CONFLICT (sha256) DO UPDATE SET
                width = excluded.width, height = excluded.height, levels = excluded.levels, format = excluded.format,
                spacing_um_px = excluded.spacing_um_px, spacing_source = excluded.spacing_source
            WHERE scans.width IS NULL AND excluded.width IS NOT NULL
            """,
            """
            INSERT INTO temp.merged_patients
            SELECT s.id, m.id FROM source.patients s JOIN main.patients m ON m.name = s.name
            """,
            "INSERT INTO temp.merged_scans SELECT s.id, m.id FROM source.scans s JOIN main.scans m ON m.sha256 = s.sha256",
            """
            INSERT INTO temp.merged_pipelines
            SELECT s.id, m.id FROM source.pipelines s JOIN main.pipelines m ON m.sha256 = s.sha256
            """,
        ] {
            try db.execute(sql: statement)
        }
        return (try Int.fetchOne(db, sql: "SELECT count(*) FROM main.scans") ?? 0) - known
    }

    /// A file that both saw was last seen by the later of the two, and is whose that one says.
    private func mergeSightings() throws {
        // The source's files, in this database's numbers.
        let seen = """
            SELECT v.id, v.folder, v.path, s.new AS scan_id, p.new AS patient_id, v.patient_source, f.new AS first_run_id,
                CASE WHEN v.last_run_id = ?1 THEN ?2 ELSE l.new END AS last_run_id, v.salt
            FROM source.sightings v JOIN temp.merged_patients p ON p.old = v.patient_id
                LEFT JOIN temp.merged_scans s ON s.old = v.scan_id
                JOIN temp.merged_runs f ON f.old = v.first_run_id JOIN temp.merged_runs l ON l.old = v.last_run_id
            """
        let isSame = """
            m.folder = v.folder AND m.path = v.path AND m.patient_id = v.patient_id AND ifnull(m.scan_id, 0) = \
            ifnull(v.scan_id, 0)
            """
        try db.execute(
            sql: """
                UPDATE main.sightings AS m SET last_run_id = v.last_run_id, patient_source = v.patient_source
                FROM (\(seen)) AS v WHERE \(isSame) AND v.last_run_id > m.last_run_id
                """, arguments: [sourceLastRun, lastRun])
        try db.execute(
            sql: """
                INSERT INTO main.sightings
                    (folder, path, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt)
                SELECT folder, path, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt
                FROM (\(seen)) AS v
                WHERE NOT EXISTS (SELECT 1 FROM main.sightings m WHERE \(isSame)) ORDER BY id
                """, arguments: [sourceLastRun, lastRun])
        try db.execute(
            sql: """
                INSERT INTO temp.merged_sightings
                SELECT v.id, m.id FROM (\(seen)) AS v JOIN main.sightings m ON \(isSame)
                """, arguments: [sourceLastRun, lastRun])
    }

    /// Vouches for the rows that `insertion` makes.
    ///
    /// - Returns: how many there are.
    private func vouching(
        _ event: AuditEvent, _ table: String, _ chain: inout ChainWriter, _ insertion: () throws -> Void
    ) throws -> Int {
        let last = try Int64.fetchOne(db, sql: "SELECT ifnull(max(id), 0) FROM main.\(table)") ?? 0
        try insertion()
        return try vouch(event, rows: "SELECT id FROM main.\(table) WHERE id > \(last) ORDER BY id", &chain)
    }

    private func vouch(_ event: AuditEvent, rows: String, _ chain: inout ChainWriter) throws -> Int {
        let ids = try Int64.fetchAll(db, sql: rows)
        for id in ids { try chain.vouch(event, for: id) }
        return ids.count
    }
}
