import Findings
import GRDB
import Listings

/// What a done analysis measured of its scan, and how it graded it.
public struct MeasuredAnalysis: Sendable {
    public let run: Int64
    /// When it ended.
    public let at: Timestamp
    /// By name.
    public let quality: [String: Double]
    /// Of the scan, by the pipeline's first classification; nil where there is none.
    public let grade: (label: String, confidence: Double)?
}

extension FindingStore {
    /// Calls `body` with every done analysis by a pipeline of that name, by run, whether current or not.
    ///
    /// - Parameters:
    ///   - since: when they ended, at the earliest.
    ///   - run: the last run; nil for all.
    public func forEachMeasuredAnalysis(
        pipeline: String, since: Timestamp, upTo run: Int64?, _ body: (MeasuredAnalysis) throws -> Void
    ) throws {
        try reading { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT a.run_id, a.finished_at, a.quality, f.label, f.confidence
                    FROM analyses a JOIN pipelines p ON p.id = a.pipeline_id
                        LEFT JOIN findings f ON f.analysis_id = a.id AND f.ordinal = 0 AND f.kind = 'scan'
                            AND f.probabilities <> '{}'
                    WHERE p.name = ?1 AND a.state = 'done' AND a.finished_at >= ?2 AND (?3 IS NULL OR a.run_id <= ?3)
                    ORDER BY a.run_id, a.id
                    """, arguments: [pipeline, since.description, run])
            while let row = try rows.next() {
                let label = try row.optionalText("label")
                try body(
                    MeasuredAnalysis(
                        run: try row.integer("run_id"), at: try row.moment("finished_at"),
                        quality: try row.numbersByName("quality"),
                        grade: try label.map { ($0, try row.number("confidence")) }))
            }
        }
    }
}
