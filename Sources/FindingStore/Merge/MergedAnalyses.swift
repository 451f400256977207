import Findings
import GRDB

/// Which analyses of the attached database come in, and what becomes of those of which there is one already.
struct MergedAnalyses {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// The analyses of the source in this database's numbers.
    private static let found = """
        SELECT a.id, r.new AS run_id, p.new AS pipeline_id, s.new AS scan_id, v.new AS sighting_id, a.state, a.status,
            a.remarks, a.quality, a.stage, a.code, a.message, a.spacing_um_px, a.spacing_source, a.started_at, a.finished_at
        FROM source.analyses a JOIN temp.merged_runs r ON r.old = a.run_id
            JOIN temp.merged_pipelines p ON p.old = a.pipeline_id
            LEFT JOIN temp.merged_scans s ON s.old = a.scan_id
            LEFT JOIN temp.merged_sightings v ON v.old = a.sighting_id
        """

    /// Holds those that are done against what is here of the same scan by the same pipeline, and numbers the new ones.
    func settle(_ counts: inout MergeCounts) throws {
        for row in try Row.fetchAll(db, sql: Self.overlaps) {
            let (old, new) = (try row.integer("old"), try row.integer("new"))
            guard try row.integer("is_alike") == 0 else {
                try db.cachedStatement(sql: "INSERT INTO temp.merged_analyses VALUES (?, ?)")
                    .execute(arguments: [old, new])
                continue
            }
            let scan = try row.hash("sha256")
            guard try row.integer("is_of_same_settings") == 0 else {
                counts.conflicts.append(scan)
                continue
            }
            // By another spacing of the manifest, or within other outlines: the newer counts.
            guard try row.integer("is_newer") != 0 else { continue }
            try removeDoneAnalysis(scanID: try row.integer("scan_id"), pipeline: try row.hash("pipeline"), db)
            try db.execute(
                sql: """
                    UPDATE main.scans AS m SET width = s.width, height = s.height, levels = s.levels, format = s.format,
                        spacing_um_px = s.spacing_um_px, spacing_source = s.spacing_source
                    FROM source.scans s WHERE s.sha256 = m.sha256 AND s.sha256 = ?
                    """, arguments: [scan.hexadecimal])
            counts.replaced += 1
        }
        counts.outdated =
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM (\(Self.found)) AS a WHERE \(Self.isNew) AND \(Self.isOutdated)") ?? 0
        try db.execute(
            sql: """
                INSERT INTO temp.fresh_analyses
                SELECT id, row_number() OVER (ORDER BY id)
                    + ifnull((SELECT seq FROM main.sqlite_sequence WHERE name = 'analyses'), 0)
                FROM (\(Self.found)) AS a WHERE \(Self.isNew) AND NOT \(Self.isOutdated)
                """)
        try db.execute(sql: "INSERT INTO temp.merged_analyses SELECT old, new FROM temp.fresh_analyses")
    }

    /// - Returns: how many findings come with the new analyses.
    func insert() throws -> Int {
        let columns = """
            run_id, pipeline_id, scan_id, sighting_id, state, status, remarks, quality, stage, code, message, spacing_um_px,
            spacing_source, started_at, finished_at
            """
        try db.execute(
            sql: """
                INSERT INTO main.analyses (id, \(columns))
                SELECT n.new, \(columns) FROM (\(Self.found)) AS a JOIN temp.fresh_analyses n ON n.old = a.id ORDER BY n.new
                """)
        let findingColumns = """
            finding_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height, centroid_x, centroid_y,
            area_px, area_um2, probabilities, measurements, geometry, image
            """
        // In the order in which the source has them, so that it is read from its begin to its end.
        try db.execute(
            sql: """
                INSERT INTO main.findings (analysis_id, \(findingColumns))
                SELECT n.new, \(findingColumns) FROM source.findings f CROSS JOIN temp.fresh_analyses n
                WHERE n.old = f.analysis_id
                """)
        return db.changesCount
    }

    /// Of the same scan and pipeline, both done. Alike are those that agree to the last bit: all that is told of the scan,
    /// and of each finding its hash.
    private static let overlaps = """
        SELECT a.id AS old, m.id AS new, m.scan_id, s.sha256, p.sha256 AS pipeline, a.finished_at > m.finished_at AS is_newer,
            (\(settings("source", "a"))) IS (\(settings("main", "m"))) AS is_of_same_settings,
            (a.status, a.remarks, a.quality, a.spacing_um_px, a.spacing_source, \(parts("source", "a")),
                \(settings("source", "a")))
                IS (m.status, m.remarks, m.quality, m.spacing_um_px, m.spacing_source, \(parts("main", "m")),
                \(settings("main", "m")))
            AND \(agree("embeddings", "stage, space, unit, image, dimension, vectors, places"))
            AND \(agree("heat_maps", "image, stage, classes, columns, rows, graded, levels")) AS is_alike
        FROM source.analyses a JOIN temp.merged_scans c ON c.old = a.scan_id
            JOIN temp.merged_pipelines k ON k.old = a.pipeline_id
            JOIN main.analyses m ON m.scan_id = c.new AND m.pipeline_id = k.new AND m.state = 'done'
            JOIN main.scans s ON s.id = m.scan_id JOIN main.pipelines p ON p.id = m.pipeline_id
        WHERE a.state = 'done' ORDER BY a.id
        """

    /// By which an analysis is another one: see `isDone`.
    private static func settings(_ database: String, _ analysis: String) -> String {
        """
        CASE WHEN \(analysis).spacing_source = 'manifest' THEN \(analysis).spacing_um_px END, \
        (SELECT o.sha256 FROM \(database).outlines o WHERE o.analysis_id = \(analysis).id)
        """
    }

    private static func parts(_ database: String, _ analysis: String) -> String {
        """
        (SELECT u.parts FROM \(database).audit u WHERE u.event = 'analysis' AND u.subject = \(analysis).id \
        ORDER BY u.seq DESC LIMIT 1)
        """
    }

    private static func agree(_ table: String, _ columns: String) -> String {
        """
        NOT EXISTS (SELECT \(columns) FROM source.\(table) WHERE analysis_id = a.id
            EXCEPT SELECT \(columns) FROM main.\(table) WHERE analysis_id = m.id)
        """
    }

    /// What is done is known by its scan and pipeline, what failed by all that is told of it.
    private static let isNew = """
        CASE WHEN a.state = 'done' THEN NOT EXISTS (
            SELECT 1 FROM main.analyses m
            WHERE m.scan_id = a.scan_id AND m.pipeline_id = a.pipeline_id AND m.state = 'done')
        ELSE NOT EXISTS (
            SELECT 1 FROM main.analyses m
            WHERE m.run_id = a.run_id AND m.state = 'failed' AND m.scan_id IS a.scan_id AND m.sighting_id IS a.sighting_id
                AND (m.stage, m.code, m.message, m.started_at, m.finished_at)
                    = (a.stage, a.code, a.message, a.started_at, a.finished_at))
        END
        """

    /// Its run began before that of an analysis here which, by the number of its run, it would supersede: it was merged too
    /// late.
    private static let isOutdated = """
        EXISTS (
            SELECT 1 FROM main.standing_analyses n JOIN main.runs nr ON nr.id = n.standing_run_id
                JOIN main.pipelines np ON np.id = n.pipeline_id
            WHERE n.scan_id = a.scan_id AND n.state = 'done' AND n.standing_run_id < a.run_id
                AND np.name = (SELECT name FROM main.pipelines WHERE id = a.pipeline_id)
                AND nr.started_at > (SELECT started_at FROM main.runs WHERE id = a.run_id))
        """
}
