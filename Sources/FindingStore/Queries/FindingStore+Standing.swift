import Findings
import FoundationEssentials
import GRDB

extension FindingStore {
    /// What the database said of each scan by the run's pipeline (by its name) when the run had ended: the newest done
    /// analysis up to it. Once for each patient who has the scan, in the order of all listings.
    public func standingAnalyses(asOf run: Int64) throws(StoreError) -> [StandingAnalysis] {
        let reaffirmed =
            schema.version >= Schema.firstWithAudit ? "UNION ALL SELECT analysis_id, run_id FROM reaffirmations" : ""
        return try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    WITH events (analysis_id, run_id) AS (
                        SELECT id, run_id FROM analyses WHERE state = 'done' \(reaffirmed)),
                    ranked AS (
                        SELECT a.id, a.scan_id, a.status, p.sha256, row_number() OVER (
                                PARTITION BY a.scan_id ORDER BY e.run_id DESC, a.id DESC) AS place
                        FROM events e JOIN analyses a ON a.id = e.analysis_id JOIN pipelines p ON p.id = a.pipeline_id
                        WHERE e.run_id <= ?1 AND p.name = (
                            SELECT q.name FROM runs r JOIN pipelines q ON q.id = r.pipeline_id WHERE r.id = ?1))
                    SELECT k.id, k.status, k.sha256 AS pipeline_sha256, s.sha256 AS scan_sha256, p.name AS patient, t.path
                    FROM ranked k JOIN scans s ON s.id = k.scan_id JOIN attributions t ON t.scan_id = k.scan_id
                        JOIN patients p ON p.id = t.patient_id
                    WHERE k.place = 1 ORDER BY patient, t.path, scan_sha256
                    """, arguments: [run])
            return try rows.map(StandingAnalysis.init)
        }
    }

    /// The findings of one analysis with their exact pixels, in the order in which it made them.
    public func findings(ofAnalysis id: Int64) throws(StoreError) -> [Finding] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM findings WHERE analysis_id = ? ORDER BY ordinal", arguments: [id])
                .map(Finding.init)
        }
    }
}

extension StandingAnalysis {
    fileprivate init(_ row: Row) throws {
        self.init(
            patient: try row.text("patient"), path: try row.text("path"), scanSHA256: try row.hash("scan_sha256"),
            analysisID: try row.integer("id"), pipelineSHA256: try row.hash("pipeline_sha256"),
            status: try row.name("status"))
    }
}
