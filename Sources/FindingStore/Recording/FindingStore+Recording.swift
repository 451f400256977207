import Findings
import FoundationEssentials
import GRDB
import Listings

extension FindingStore {
    /// Records an analysis with its findings, its scan and where the scan was seen: in one transaction, so that
    /// either all of it is in the database or nothing.
    ///
    /// - Throws: `refused` for a record that breaks an invariant, such as a confidence of NaN or an unknown run.
    @discardableResult
    public func record(_ analysis: AnalysisRecord) throws(StoreError) -> RecordingResult {
        try write { db in
            switch analysis.subject {
            case .scan(let scan, let sightings, let outcome):
                let scanID = try recordScan(scan, db)
                for sighting in sightings {
                    _ = try recordSighting(sighting, scan: (scanID, scan.sha256), run: analysis.run, db)
                }
                return try recordOutcome(outcome, of: scan, scanID: scanID, analysis: analysis, db)
            case .unopened(let sighting, let failure):
                let sightingID = try recordSighting(sighting, scan: nil, run: analysis.run, db)
                let id = try insertAnalysis(analysis, scan: nil, place: .sighting(sightingID), .failed(failure), db)
                try AuditChain.vouch(.analysis, for: id, db)
                return .recorded(analysis: id)
            }
        }
    }
}

private func recordScan(_ scan: Scan, _ db: Database) throws -> Int64 {
    let image = scan.image
    // A file that could not be read so far may be readable to a newer program, never the other way round.
    let id = try Int64.fetchOne(
        db,
        sql: """
            INSERT INTO scans (sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sha256) DO UPDATE SET
                width = excluded.width, height = excluded.height, levels = excluded.levels, format = excluded.format,
                spacing_um_px = excluded.spacing_um_px, spacing_source = excluded.spacing_source
            WHERE excluded.width IS NOT NULL
            RETURNING id
            """,
        arguments: [
            scan.sha256.hexadecimal, scan.byteCount, image?.width, image?.height, image?.levels, image?.format,
            image?.spacing.micrometresPerPixel, image?.spacing.source.rawValue,
        ])
    if let id { return id }
    return try scanID(scan.sha256, db)
}

private func recordOutcome(
    _ outcome: AnalysisOutcome, of scan: Scan, scanID: Int64, analysis: AnalysisRecord, _ db: Database
) throws -> RecordingResult {
    if case .done = outcome {
        let spacing = scan.image?.spacing
        let given = spacing?.source == .manifest ? spacing?.micrometresPerPixel : nil
        let done = try isDone(
            scan: scan.sha256, pipeline: analysis.pipeline.hexadecimal, spacing: given,
            outlines: analysis.outlines?.sha256, db)
        if done { return .alreadyDone }
        try removeDoneAnalysis(scanID: scanID, pipeline: analysis.pipeline, db)
    }
    let id = try insertAnalysis(analysis, scan: scan, place: .scan(scanID), outcome, db)
    if case .done(let result) = outcome {
        var insertion = try FindingInsertion(scan: scan.sha256, pipeline: analysis.pipeline, analysis: id, db)
        for finding in result.findings { try insertion.insert(finding) }
        for block in result.embeddings { try block.insert(analysis: id, db) }
    }
    try AuditChain.vouch(.analysis, for: id, db)
    if let outlines = analysis.outlines { try insert(outlines, of: id, db) }
    if case .done(let result) = outcome {
        try recordIllustration(result.illustration, scanID: scanID, analysisID: id, db)
    }
    return .recorded(analysis: id)
}

private func insert(_ outlines: RegionsOfInterest, of analysis: Int64, _ db: Database) throws {
    try db.execute(
        sql: "INSERT INTO outlines (analysis_id, sha256, corners) VALUES (?, ?, ?)",
        arguments: [analysis, outlines.sha256.hexadecimal, outlines.encoded()])
    try AuditChain.vouch(.outlines, for: db.lastInsertedRowID, db)
}

/// The manifest gives another spacing than it did, or somebody other outlines: what was found by the former one is replaced, for a scan has one
/// current result by a pipeline, and the findings' identities are the same. The audit chain keeps that it was there.
func removeDoneAnalysis(scanID: Int64, pipeline: ContentHash, _ db: Database) throws {
    let former = try Int64.fetchOne(
        db.cachedStatement(
            sql: """
                SELECT id FROM analyses
                WHERE scan_id = ? AND state = 'done' AND pipeline_id = (SELECT id FROM pipelines WHERE sha256 = ?)
                """), arguments: [scanID, pipeline.hexadecimal])
    guard let former else { return }
    let reaffirmations = try Int64.fetchAll(
        db, sql: "SELECT id FROM reaffirmations WHERE analysis_id = ?", arguments: [former])
    func rows(of table: String) throws -> [Int64] {
        try Int64.fetchAll(db, sql: "SELECT id FROM \(table) WHERE analysis_id = ?", arguments: [former])
    }
    try Erasure.erase(
        [
            .analysis: [former], .reaffirmation: reaffirmations, .outlines: try rows(of: "outlines"),
            .heatMap: try rows(of: "heat_maps"), .embedding: try rows(of: "embeddings"),
        ], as: .replacement, db
    ) {
        for table in ["heat_maps", "embeddings"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE analysis_id = ?", arguments: [former])
        }
        try db.execute(sql: "DELETE FROM reaffirmations WHERE analysis_id = ?", arguments: [former])
        try db.execute(sql: "DELETE FROM outlines WHERE analysis_id = ?", arguments: [former])
        try db.execute(sql: "DELETE FROM analyses WHERE id = ?", arguments: [former])
    }
}

private enum Place {
    case scan(Int64)
    case sighting(Int64)
}

private func insertAnalysis(
    _ analysis: AnalysisRecord, scan: Scan?, place: Place, _ outcome: AnalysisOutcome, _ db: Database
) throws -> Int64 {
    var columns: [String: (any DatabaseValueConvertible)?] = [
        "run_id": analysis.run,
        "started_at": Timestamp(analysis.startedAt).description,
        "finished_at": Timestamp(analysis.finishedAt).description,
        "spacing_um_px": scan?.image?.spacing.micrometresPerPixel,
        "spacing_source": scan?.image?.spacing.source.rawValue,
    ]
    switch place {
    case .scan(let id): columns["scan_id"] = id
    case .sighting(let id): columns["sighting_id"] = id
    }
    switch outcome {
    case .done(let result):
        columns["state"] = "done"
        columns["status"] = result.status.rawValue
        columns["remarks"] = JSONValue.texts(result.remarks).compact
        columns["quality"] = JSONValue.numbers(result.quality).compact
    case .failed(let failure):
        columns["state"] = "failed"
        columns["stage"] = failure.stage.rawValue
        columns["code"] = failure.code.rawValue
        columns["message"] = failure.message
    }
    let statement = try db.cachedStatement(
        sql: """
            INSERT INTO analyses (run_id, pipeline_id, scan_id, sighting_id, state, status, remarks, quality, stage,
                code, message, spacing_um_px, spacing_source, started_at, finished_at)
            SELECT :run_id, pipelines.id, :scan_id, :sighting_id, :state, :status, :remarks, :quality, :stage,
                :code, :message, :spacing_um_px, :spacing_source, :started_at, :finished_at
            FROM pipelines JOIN runs ON runs.pipeline_id = pipelines.id
            WHERE pipelines.sha256 = :pipeline AND runs.id = :run_id
            """)
    columns["pipeline"] = analysis.pipeline.hexadecimal
    for name in ["scan_id", "sighting_id", "status", "remarks", "quality", "stage", "code", "message"]
    where columns[name] == nil {
        columns.updateValue(nil, forKey: name)
    }
    try statement.execute(arguments: StatementArguments(columns))
    try requireOneChange(db, "run \(analysis.run) is not of pipeline \(analysis.pipeline.prefix)")
    return db.lastInsertedRowID
}
