import Findings
import FoundationEssentials
import GRDB
import Listings

extension FindingStore {
    /// Records that a run began, with its pipeline, and returns its number.
    public func beginRun(_ run: RunDescription, pipeline: PipelineIdentity) throws(StoreError) -> Int64 {
        try write { db in
            let pipelineID = try recordPipeline(pipeline, db)
            try db.execute(
                sql: """
                    INSERT INTO runs (pipeline_id, arguments, host, program_version, started_at, salt)
                    VALUES (?, ?, ?, ?, ?, randomblob(16))
                    """,
                arguments: [
                    pipelineID, JSONValue.texts(run.arguments).compact, run.host, run.programVersion,
                    Timestamp(run.startedAt).description,
                ])
            let id = db.lastInsertedRowID
            try AuditChain.vouch(.run, for: id, db)
            return id
        }
    }

    /// Records how a run ended. A run without an ending was killed.
    ///
    /// - Parameter notices: what a person should know of it, without patient data: sentences.
    /// - Returns: the hash of the audit chain's last entry. Noted somewhere else, it shows later that no entry before
    ///   it was changed.
    @discardableResult
    public func finishRun(
        _ id: Int64, ending: RunEnding, at date: Date, counts: RunCounts, notices: [String] = []
    ) throws(StoreError) -> ContentHash {
        try write { db in
            for sentence in notices {
                try db.execute(
                    sql: "INSERT INTO run_notices (run_id, sentence) VALUES (?, ?)", arguments: [id, sentence])
                try AuditChain.vouch(.notice, for: db.lastInsertedRowID, db)
            }
            try db.execute(
                sql: """
                    UPDATE runs SET ending = ?, finished_at = ?, found = ?, done = ?, skipped = ?, failed = ?, left_over = ?
                    WHERE id = ?
                    """,
                arguments: [
                    ending.rawValue, Timestamp(date).description, counts.found, counts.done, counts.skipped,
                    counts.failed, counts.left, id,
                ])
            try requireOneChange(db, "there is no run \(id) to finish")
            try AuditChain.vouch(.runEnd, for: id, db)
            try AuditChain.vouchForCatalogue(db)
            return try AuditChain.head(db).hash
        }
    }
}

/// Records a pipeline, unless it is known.
func recordPipeline(_ pipeline: PipelineIdentity, _ db: Database) throws -> Int64 {
    let known = try Int64.fetchOne(
        db, sql: "SELECT id FROM pipelines WHERE sha256 = ?", arguments: [pipeline.sha256.hexadecimal])
    if let known { return known }
    try db.execute(
        sql: """
            INSERT INTO pipelines (sha256, name, definition, engine_version, engine_precision, engine_instruction_set)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
        arguments: [
            pipeline.sha256.hexadecimal, pipeline.name, pipeline.definition, pipeline.engine.version,
            pipeline.engine.precision, pipeline.engine.instructionSet,
        ])
    let pipelineID = db.lastInsertedRowID
    for (position, model) in pipeline.models.enumerated() {
        try db.execute(
            sql: "INSERT INTO models (sha256) VALUES (?) ON CONFLICT DO NOTHING", arguments: [model.sha256.hexadecimal])
        try db.execute(
            sql: """
                INSERT INTO pipeline_models (pipeline_id, position, model_id, role, name)
                SELECT ?, ?, id, ?, ? FROM models WHERE sha256 = ?
                """,
            arguments: [pipelineID, position, model.role.rawValue, model.name, model.sha256.hexadecimal])
    }
    try AuditChain.vouch(.pipeline, for: pipelineID, db)
    return pipelineID
}

/// - Throws: `refused` unless the last statement changed one row.
func requireOneChange(_ db: Database, _ message: String) throws(StoreError) {
    guard db.changesCount == 1 else { throw StoreError(.refused, message) }
}
