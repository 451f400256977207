import Findings
import GRDB

/// What the newest analyses by a pipeline took: what the next ones may take.
public struct AnalysisPace: Sendable, Hashable {
    public let analyses: Int
    /// Of all these analyses together, by the clock on the wall.
    public let seconds: Double
    /// Of their scans together.
    public let bytes: Int64

    public init(analyses: Int, seconds: Double, bytes: Int64) {
        self.analyses = analyses
        self.seconds = seconds
        self.bytes = bytes
    }
}

extension FindingStore {
    /// Of the newest analyses that came to their end; nil where the pipeline has none so far.
    public func pace(pipeline: ContentHash) throws(StoreError) -> AnalysisPace? {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS analyses, ifnull(sum(bytes), 0) AS bytes,
                        -- A clock that is set back must not make time negative.
                        ifnull(sum(max(0, days)), 0) * 86400 AS seconds
                    FROM (
                        SELECT s.byte_count AS bytes, julianday(a.finished_at) - julianday(a.started_at) AS days
                        FROM analyses a JOIN scans s ON s.id = a.scan_id JOIN pipelines p ON p.id = a.pipeline_id
                        WHERE p.sha256 = ? AND a.state = 'done'
                        ORDER BY a.id DESC LIMIT 200)
                    """,
                arguments: [pipeline.hexadecimal])
            guard let row, let analyses: Int = row["analyses"], analyses > 0 else { return nil }
            return AnalysisPace(analyses: analyses, seconds: row["seconds"], bytes: row["bytes"])
        }
    }
}
