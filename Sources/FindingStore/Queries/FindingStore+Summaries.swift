import Findings
import FoundationEssentials
import GRDB
import Listings

extension FindingStore {
    /// Every patient of whom there is a file, by id.
    public func patients() throws(StoreError) -> [PatientSummary] {
        try read { db in
            let query: SQL = """
                WITH counted AS MATERIALIZED (
                    SELECT patient_id,
                        count(*) FILTER (WHERE status = 'findings') AS with_findings,
                        count(*) FILTER (WHERE status = 'no-tissue') AS without_tissue,
                        count(*) FILTER (WHERE status = 'rejected') AS rejected,
                        count(*) FILTER (WHERE state = 'failed') AS failed,
                        sum((SELECT count(*) FROM findings f WHERE f.analysis_id = listed.id AND f.kind = 'region'))
                            AS regions,
                        max(finished_at) AS last_analysed_at
                    FROM (\(attributedAnalyses)) AS listed WHERE is_current GROUP BY patient_id),
                owned AS MATERIALIZED (
                    SELECT patient_id, count(DISTINCT scan_id) AS scans FROM current_sightings GROUP BY patient_id)
                SELECT p.name, p.id AS number, o.scans, ifnull(c.with_findings, 0) AS with_findings,
                    ifnull(c.without_tissue, 0) AS without_tissue, ifnull(c.rejected, 0) AS rejected,
                    ifnull(c.failed, 0) AS failed, ifnull(c.regions, 0) AS regions, c.last_analysed_at
                FROM patients p JOIN owned o ON o.patient_id = p.id LEFT JOIN counted c ON c.patient_id = p.id
                ORDER BY p.name
                """
            return try SQLRequest<Row>(literal: query).fetchAll(db).map(PatientSummary.init)
        }
    }

    /// Every scan of every patient, by patient and path.
    public func scans() throws(StoreError) -> [ScanSummary] {
        let hasPredecessor =
            schema.version < Schema.firstWithDepartures
            ? "0"
            : """
            EXISTS (
                SELECT 1 FROM sightings f CROSS JOIN departures d ON d.sighting_id = f.id AND d.run_id > f.last_run_id
                WHERE f.folder = t.folder AND f.path = t.path AND f.scan_id <> s.id AND NOT t.is_replaced)
            """
        return try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT p.name AS patient, t.patient_source, t.folder, t.path, t.is_replaced, t.first_run_id,
                        t.last_run_id, s.*,
                        (SELECT a.remarks FROM analyses a WHERE a.scan_id = s.id AND a.state = 'done'
                            ORDER BY a.id DESC LIMIT 1) AS remarks, \(hasPredecessor) AS has_predecessor
                    FROM attributions t JOIN patients p ON p.id = t.patient_id JOIN scans s ON s.id = t.scan_id
                    ORDER BY p.name, t.path, s.sha256, t.folder
                    """)
            return try rows.map(ScanSummary.init)
        }
    }

    /// What the reader made of a scan's file; nil where it could not be read, or is not known.
    public func image(of scan: ContentHash) throws(StoreError) -> Scan.Image? {
        try read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT * FROM scans WHERE sha256 = ?"), arguments: [scan.hexadecimal])
            return try row.flatMap { row in try Scan.Image(row) }
        }
    }

    /// Every run, the oldest first.
    public func runs() throws(StoreError) -> [RunSummary] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT r.*, p.name AS pipeline_name, p.sha256 AS pipeline_sha256
                    FROM runs r JOIN pipelines p ON p.id = r.pipeline_id ORDER BY r.id
                    """)
            return try rows.map(RunSummary.init)
        }
    }

    /// What a run said that a person should know, in sentences; empty where that was not kept.
    public func notices(ofRun run: Int64) throws(StoreError) -> [String] {
        guard schema.version >= Schema.firstWithIllustrations else { return [] }
        return try read { db in
            try String.fetchAll(
                db, sql: "SELECT sentence FROM run_notices WHERE run_id = ? ORDER BY id", arguments: [run])
        }
    }

    /// The pipeline with this fingerprint, as it was when a run first used it; nil where no run did.
    public func pipeline(_ sha256: ContentHash) throws(StoreError) -> PipelineIdentity? {
        try read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM pipelines WHERE sha256 = ?", arguments: [sha256.hexadecimal])
            guard let row else { return nil }
            return PipelineIdentity(
                name: try row.text("name"), sha256: try row.hash("sha256"), definition: try row.text("definition"),
                models: try modelsByPipeline(db)[try row.integer("id")] ?? [],
                engine: EngineIdentity(
                    version: try row.text("engine_version"), precision: try row.text("engine_precision"),
                    instructionSet: try row.text("engine_instruction_set")))
        }
    }

    /// Whether there is a file of this patient.
    public func exists(patient: String) throws(StoreError) -> Bool {
        try read { db in
            guard let id = try knownPatient(patient, db)?.id else { return false }
            return try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM current_sightings WHERE patient_id = ?)", arguments: [id])
                ?? false
        }
    }

    /// Whether anything was found under this label.
    public func exists(label: String) throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM findings WHERE label = ?)", arguments: [label]) ?? false
        }
    }

    /// A label that differs from this one in case or space alone, under which something was found.
    public func label(like label: String) throws(StoreError) -> String? {
        try read { db in
            try String.fetchOne(
                db, sql: "SELECT label FROM findings WHERE label = ? COLLATE NOCASE LIMIT 1", arguments: [label.trimmed]
            )
        }
    }

    /// Whether there was a run of this number.
    public func exists(run: Int64) throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", arguments: [run]) ?? false
        }
    }
}

extension PatientSummary {
    fileprivate init(_ row: Row) throws {
        id = try row.text("name")
        number = try row.integer("number")
        scans = Int(try row.integer("scans"))
        withFindings = Int(try row.integer("with_findings"))
        withoutTissue = Int(try row.integer("without_tissue"))
        rejected = Int(try row.integer("rejected"))
        failed = Int(try row.integer("failed"))
        regions = Int(try row.integer("regions"))
        lastAnalysedAt = try row.optionalMoment("last_analysed_at")
    }
}

extension ScanSummary {
    fileprivate init(_ row: Row) throws {
        patient = Patient(id: try row.text("patient"), source: try row.name("patient_source"))
        folder = try row.text("folder")
        path = try row.text("path")
        scan = Scan(
            sha256: try row.hash("sha256"), byteCount: try row.integer("byte_count"), image: try Scan.Image(row))
        isReplaced = try row.integer("is_replaced") != 0
        firstRun = try row.integer("first_run_id")
        lastRun = try row.integer("last_run_id")
        remarks =
            (try row.optionalText("remarks") == nil ? [] : try row.texts("remarks"))
            + (try row.integer("has_predecessor") == 0 ? [] : ["another scan lay in this place before"])
    }
}

extension Scan.Image {
    init?(_ row: Row) throws {
        guard let width = try row.optionalInteger("width") else { return nil }
        self.init(
            width: Int(width), height: Int(try row.integer("height")), levels: Int(try row.integer("levels")),
            spacing: try row.spacing() ?? .unknown, format: try row.text("format"))
    }
}

extension RunSummary {
    fileprivate init(_ row: Row) throws {
        id = try row.integer("id")
        run = RunDescription(
            arguments: try row.texts("arguments"), host: try row.text("host"),
            programVersion: try row.text("program_version"), startedAt: try row.moment("started_at").date)
        pipeline = try row.text("pipeline_name")
        pipelineSHA256 = try row.hash("pipeline_sha256")
        end = try End(row)
    }
}

extension RunSummary.End {
    fileprivate init?(_ row: Row) throws {
        guard let finishedAt = try row.optionalMoment("finished_at") else { return nil }
        ending = try row.name("ending")
        at = finishedAt
        counts = RunCounts(
            found: Int(try row.integer("found")), done: Int(try row.integer("done")),
            skipped: Int(try row.integer("skipped")), failed: Int(try row.integer("failed")),
            left: Int(try row.integer("left_over")))
    }
}
