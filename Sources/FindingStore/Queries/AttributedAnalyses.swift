import Findings
import GRDB

/// Every analysis once for each patient who has its scan, in the order of all listings.
///
/// `is_current` marks what a query shows unless asked otherwise: the current done analyses, and the failures that nothing
/// done since has put right.
let attributedAnalyses: SQL = """
    SELECT * FROM (
        SELECT a.id, a.run_id, a.pipeline_id, t.scan_id, a.state, a.status, a.remarks, a.quality, a.stage, a.code,
            a.message, a.spacing_um_px, a.spacing_source, a.finished_at, a.pipeline_name, a.pipeline_sha256,
            s.sha256 AS scan_sha256,
            t.patient_id, p.name AS patient, t.patient_source, t.folder, t.path, t.is_replaced,
            a.is_newest AND (a.state = 'done' OR NOT t.is_replaced) AS is_current
        FROM judged_analyses a
        JOIN scans s ON s.id = a.scan_id
        JOIN attributions t ON t.scan_id = a.scan_id
        JOIN patients p ON p.id = t.patient_id
        UNION ALL
        SELECT a.id, a.run_id, a.pipeline_id, a.scan_id, a.state, a.status, a.remarks, a.quality, a.stage, a.code,
            a.message, a.spacing_um_px, a.spacing_source, a.finished_at, a.pipeline_name, a.pipeline_sha256, NULL,
            t.patient_id, p.name, t.patient_source, t.folder, t.path, t.is_replaced,
            a.is_newest AND NOT t.is_replaced
        FROM judged_analyses a
        JOIN current_sightings t ON t.id = a.sighting_id
        JOIN patients p ON p.id = t.patient_id
    ) AS listed
    """

/// The order of all listings; within an analysis, findings follow by image, kind, y, x and ordinal.
let listingOrder: SQL = " ORDER BY patient, path, scan_sha256, folder, pipeline_name, id"

extension AnalysisOrigin {
    /// - Parameter models: of every pipeline, by the pipeline's row.
    init(_ row: Row, models: [Int64: [ModelIdentity]]) throws {
        self.init(
            analysisID: try row.integer("id"), runID: try row.integer("run_id"),
            pipeline: try row.text("pipeline_name"), pipelineSHA256: try row.hash("pipeline_sha256"),
            models: models[try row.integer("pipeline_id")] ?? [], analysedAt: try row.moment("finished_at"),
            spacing: try row.spacing(), remarks: try row.optionalText("remarks") == nil ? [] : try row.texts("remarks"))
    }
}

/// The models of every pipeline, by the pipeline's row.
func modelsByPipeline(_ db: Database) throws -> [Int64: [ModelIdentity]] {
    let rows = try Row.fetchAll(
        db,
        sql: """
            SELECT u.pipeline_id, u.role, u.name, m.sha256 FROM pipeline_models u JOIN models m ON m.id = u.model_id
            ORDER BY u.pipeline_id, u.position
            """)
    var models: [Int64: [ModelIdentity]] = [:]
    for row in rows {
        let model = ModelIdentity(
            role: try row.name("role"), name: try row.text("name"), sha256: try row.hash("sha256"))
        models[try row.integer("pipeline_id"), default: []].append(model)
    }
    return models
}
