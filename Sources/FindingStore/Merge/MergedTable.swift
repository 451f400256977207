import GRDB

/// A table whose rows a merge brings in behind those of analyses.
struct MergedTable {
    let event: AuditEvent
    let name: String
    /// What is there already stays.
    let insertion: String

    static let all: [MergedTable] = [
        ofAnalyses(.embedding, "embeddings", "stage, space, unit, image, dimension, vectors, places"),
        ofAnalyses(.outlines, "outlines", "sha256, corners"),
        ofAnalyses(.heatMap, "heat_maps", "image, stage, classes, columns, rows, graded, levels"),
        MergedTable(
            event: .thumbnail, name: "thumbnails",
            insertion: """
                INSERT INTO main.thumbnails (scan_id, image, width, height, jpeg)
                SELECT s.new, t.image, t.width, t.height, t.jpeg
                FROM source.thumbnails t JOIN temp.merged_scans s ON s.old = t.scan_id WHERE true ORDER BY t.id
                ON CONFLICT DO NOTHING
                """),
        MergedTable(
            event: .label, name: "labels",
            insertion: """
                INSERT INTO main.labels (scan_id, codes, salt)
                SELECT s.new, t.codes, t.salt FROM source.labels t JOIN temp.merged_scans s ON s.old = t.scan_id
                WHERE true ORDER BY t.id ON CONFLICT DO NOTHING
                """),
        MergedTable(
            event: .acceptance, name: "acceptances",
            insertion: """
                INSERT INTO main.acceptances (scan_id, pipeline_id, run_id)
                SELECT s.new, p.new, r.new FROM source.acceptances t JOIN temp.merged_scans s ON s.old = t.scan_id
                    JOIN temp.merged_pipelines p ON p.old = t.pipeline_id JOIN temp.merged_runs r ON r.old = t.run_id
                WHERE true ORDER BY t.id ON CONFLICT DO NOTHING
                """),
        ofRuns(.reaffirmation, "reaffirmations", "analysis_id", "merged_analyses"),
        ofRuns(.departure, "departures", "sighting_id", "merged_sightings"),
        MergedTable(
            event: .notice, name: "run_notices",
            insertion: """
                INSERT INTO main.run_notices (run_id, sentence)
                SELECT r.new, t.sentence FROM source.run_notices t JOIN temp.merged_runs r ON r.old = t.run_id
                WHERE NOT EXISTS (SELECT 1 FROM main.run_notices n WHERE n.run_id = r.new AND n.sentence = t.sentence)
                ORDER BY t.id
                """),
    ]

    /// Of two states of a file, the later counts. Gives the rows that changed.
    static let stamps = """
        INSERT INTO main.file_stamps (device, inode, byte_count, modified_ns, changed_ns, sha256)
        SELECT device, inode, byte_count, modified_ns, changed_ns, sha256 FROM source.file_stamps WHERE true ORDER BY id
        ON CONFLICT (device, inode) DO UPDATE SET
            byte_count = excluded.byte_count, modified_ns = excluded.modified_ns, changed_ns = excluded.changed_ns,
            sha256 = excluded.sha256
        WHERE excluded.changed_ns > file_stamps.changed_ns
        RETURNING id
        """

    /// Rows that come with their analysis, where it is new.
    private static func ofAnalyses(_ event: AuditEvent, _ name: String, _ columns: String) -> MergedTable {
        MergedTable(
            event: event, name: name,
            insertion: """
                INSERT INTO main.\(name) (analysis_id, \(columns))
                SELECT a.new, \(columns) FROM source.\(name) t JOIN temp.fresh_analyses a ON a.old = t.analysis_id
                ORDER BY t.id
                """)
    }

    /// Rows that say of something what a run saw of it.
    ///
    /// - Parameters:
    ///   - column: of what it is said.
    ///   - numbers: the table of its old and new numbers.
    private static func ofRuns(
        _ event: AuditEvent, _ name: String, _ column: String, _ numbers: String
    ) -> MergedTable {
        MergedTable(
            event: event, name: name,
            insertion: """
                INSERT INTO main.\(name) (\(column), run_id)
                SELECT n.new, r.new FROM source.\(name) t JOIN temp.\(numbers) n ON n.old = t.\(column)
                    JOIN temp.merged_runs r ON r.old = t.run_id
                WHERE true ORDER BY t.id ON CONFLICT DO NOTHING
                """)
    }
}
