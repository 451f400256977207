import Findings
import FoundationEssentials
import GRDB

/// A done analysis with everything that making it again needs, and should give.
public struct StoredAnalysis: Sendable, Hashable {
    public let id: Int64
    public let run: Int64
    public let scanSHA256: ContentHash
    /// As it was used for the analysis; nil where the file told nothing.
    public let spacing: RecordedSpacing?
    /// Within which it looked; nil where it looked everywhere.
    public let outlines: RegionsOfInterest?
    public let result: AnalysisResult
    /// Where the scan's bytes were seen, absolute.
    public let files: [ScanPath]
}

extension FindingStore {
    /// The done analyses by the pipeline with this fingerprint, in the order in which they were made.
    public func doneAnalyses(by pipeline: ContentHash) throws(StoreError) -> [Int64] {
        try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT a.id FROM analyses a JOIN pipelines p ON p.id = a.pipeline_id
                    WHERE p.sha256 = ? AND a.state = 'done' ORDER BY a.id
                    """, arguments: [pipeline.hexadecimal])
        }
    }

    /// Nil for an analysis that is not there, or is not done.
    public func storedAnalysis(_ id: Int64) throws(StoreError) -> StoredAnalysis? {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT a.*, s.sha256 FROM analyses a JOIN scans s ON s.id = a.scan_id
                    WHERE a.id = ? AND a.state = 'done'
                    """, arguments: [id])
            guard let row else { return nil }
            let findings = try Row.fetchAll(
                db, sql: "SELECT * FROM findings WHERE analysis_id = ? ORDER BY ordinal", arguments: [id])
            let files = try String.fetchAll(
                db,
                sql: """
                    SELECT folder || '/' || path FROM sightings WHERE scan_id = ? ORDER BY last_run_id DESC, id
                    """, arguments: [try row.integer("scan_id")])
            return StoredAnalysis(
                id: id, run: try row.integer("run_id"), scanSHA256: try row.hash("sha256"),
                spacing: try row.spacing(), outlines: try outlines(of: id, db),
                result: AnalysisResult(
                    status: try row.name("status"), remarks: try row.texts("remarks"),
                    quality: try row.numbersByName("quality"), findings: try findings.map(Finding.init)),
                files: files.map { ScanPath($0) })
        }
    }

    private func outlines(of analysis: Int64, _ db: Database) throws -> RegionsOfInterest? {
        guard schema.version >= Schema.firstWithOutlines else { return nil }
        let row = try Row.fetchOne(
            db, sql: "SELECT corners FROM outlines WHERE analysis_id = ?", arguments: [analysis])
        return try row.map { row in
            guard let bytes = try row.optionalBytes("corners"), let outlines = RegionsOfInterest(encoded: bytes) else {
                throw DamagedRow(column: "corners")
            }
            return outlines
        }
    }

    /// Every pipeline that a run used, the newest first, with the last run that used it.
    public func pipelines() throws(StoreError) -> [(pipeline: PipelineIdentity, lastRun: Int64)] {
        let used = try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT p.sha256, max(r.id) AS last_run FROM pipelines p JOIN runs r ON r.pipeline_id = p.id
                    GROUP BY p.id ORDER BY last_run DESC
                    """
            ).map { (try $0.hash("sha256"), try $0.integer("last_run")) }
        }
        var pipelines: [(pipeline: PipelineIdentity, lastRun: Int64)] = []
        for (sha256, run) in used {
            if let identity = try pipeline(sha256) { pipelines.append((identity, run)) }
        }
        return pipelines
    }
}
