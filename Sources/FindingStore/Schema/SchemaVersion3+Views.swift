import GRDB

/// Views for people who open the database themselves, in `sqlite3` or Datasette.
///
/// After all other changes of the version: SQLite renames no table that a view of a dropped one asks for.
func addViewsForPeople(_ db: Database) throws {
    try db.execute(
        sql: """
            -- What counts: the findings of the newest analysis of each scan by each pipeline, for every patient who has it.
            CREATE VIEW latest_findings AS
            SELECT p.name AS patient_id, t.path AS scan, f.image, f.kind, f.label, f.confidence, f.x, f.y, f.width, f.height,
                f.area_px, f.area_um2, a.spacing_source, a.pipeline_name AS pipeline, a.run_id,
                a.finished_at AS analysed_at, f.finding_id, s.sha256 AS scan_sha256
            FROM judged_analyses a
            JOIN scans s ON s.id = a.scan_id
            JOIN attributions t ON t.scan_id = a.scan_id
            JOIN patients p ON p.id = t.patient_id
            JOIN findings f ON f.analysis_id = a.id
            WHERE a.is_newest AND a.state = 'done';

            -- By patient, kind and label: how many, in how many scans, and the surest.
            CREATE VIEW findings_by_patient AS
            SELECT patient_id, pipeline, kind, label, count(*) AS findings, count(DISTINCT scan_sha256) AS scans,
                max(confidence) AS highest_confidence, sum(area_px) AS area_px, max(analysed_at) AS last_analysed_at
            FROM latest_findings GROUP BY patient_id, pipeline, kind, label;

            -- What nothing done since has put right.
            CREATE VIEW failures AS
            SELECT p.name AS patient_id, t.path AS scan, a.stage, a.code, a.message, a.pipeline_name AS pipeline, a.run_id,
                a.finished_at AS failed_at
            FROM judged_analyses a
            JOIN (SELECT scan_id, NULL AS sighting_id, patient_id, path, is_replaced FROM attributions
                UNION ALL
                SELECT NULL, id, patient_id, path, is_replaced FROM current_sightings WHERE scan_id IS NULL) t
                ON t.scan_id = a.scan_id OR t.sighting_id = a.sighting_id
            JOIN patients p ON p.id = t.patient_id
            WHERE a.is_newest AND a.state = 'failed' AND NOT t.is_replaced;
            """)
}
