import Findings
import FoundationEssentials
import GRDB

extension FindingStore {
    /// Records files that a run saw and whose scans are done already, so that paths, patients and stamps stay true, and
    /// so that what this run's pipeline found in them counts, whatever another fingerprint of it found since. One
    /// transaction for all of them.
    ///
    /// - Throws: `refused` for a scan or a run that the database does not know.
    public func recordSightings(
        _ seen: [(scan: ContentHash, sighting: Sighting)], run: Int64
    ) throws(StoreError) {
        try write { db in
            let mayBeReaffirmed = try hasPredecessors(run: run, db)
            for (sha256, sighting) in seen {
                let id = try scanID(sha256, db)
                let row = try recordSighting(sighting, scan: (id, sha256), run: run, db)
                if mayBeReaffirmed { try reaffirm(sightings: row...row, run: run, db) }
            }
        }
    }

    /// Whether the pipeline with this fingerprint has analysed the scan to the end.
    ///
    /// - Parameter spacing: what the manifest gives for the scan, in micrometres per pixel: an analysis that went by
    ///   another, or by the file's own, is another one.
    /// - Parameter outlines: the hash of those that it is to be looked at within, likewise.
    public func doneAnalysisExists(
        scan: ContentHash, pipeline: ContentHash, spacing: Double? = nil, outlines: ContentHash? = nil
    ) throws(StoreError) -> Bool {
        try read { db in
            try isDone(scan: scan, pipeline: pipeline.hexadecimal, spacing: spacing, outlines: outlines, db)
        }
    }

    /// Whether a scan was seen in this folder or one below it, and nothing has shown since that it lies elsewhere.
    public func knowsScans(in folder: ScanPath) throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM current_sightings WHERE scan_id IS NOT NULL AND NOT is_replaced
                            AND substr(folder || '/' || path, 1, length(?1)) = ?1)
                    """, arguments: [folder.text == "/" ? "/" : folder.text + "/"]) ?? false
        }
    }

    /// Records that a person knows that this run's pipeline fails on these scans, whose failures are recorded.
    public func accept(_ scans: [ContentHash], run: Int64) throws(StoreError) {
        try write { db in
            for scan in scans {
                try db.execute(
                    sql: """
                        INSERT INTO acceptances (scan_id, pipeline_id, run_id)
                        SELECT ?, pipeline_id, id FROM runs WHERE id = ?
                        ON CONFLICT DO NOTHING
                        """, arguments: [try scanID(scan, db), run])
                if db.changesCount > 0 { try AuditChain.vouch(.acceptance, for: db.lastInsertedRowID, db) }
            }
        }
    }
}

/// Of an analysis `a`: the spacing that a manifest gave for it; null where it went by the file's own.
let givenSpacing = "CASE WHEN a.spacing_source = 'manifest' THEN a.spacing_um_px END"

/// Likewise: the hash of the outlines that it looked within; null where it looked everywhere, as all did before schema 4.
func givenOutlines(_ schema: Schema) -> String {
    schema.version < Schema.firstWithOutlines
        ? "NULL" : "(SELECT o.sha256 FROM outlines o WHERE o.analysis_id = a.id)"
}

/// - Parameter outlines: the hash of those that somebody gave.
func isDone(
    scan: ContentHash, pipeline: String, spacing: Double?, outlines: ContentHash?, _ db: Database,
    schema: Schema = .current
) throws -> Bool {
    let statement = try db.cachedStatement(
        sql: """
            SELECT EXISTS (
                SELECT 1 FROM analyses a JOIN scans s ON s.id = a.scan_id JOIN pipelines p ON p.id = a.pipeline_id
                WHERE s.sha256 = ? AND p.sha256 = ? AND a.state = 'done' AND \(givenSpacing) IS ?
                    AND \(givenOutlines(schema)) IS ?)
            """)
    return try Bool.fetchOne(
        statement, arguments: [scan.hexadecimal, pipeline, spacing, outlines?.hexadecimal]) ?? false
}

/// - Throws: `refused` for an unknown scan.
func scanID(_ scan: ContentHash, _ db: Database) throws -> Int64 {
    let id = try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT id FROM scans WHERE sha256 = ?"), arguments: [scan.hexadecimal])
    guard let id else { throw StoreError(.refused, "the database does not know scan \(scan.prefix)") }
    return id
}

/// Whether other fingerprints of the run's pipeline have been at work.
func hasPredecessors(run: Int64, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
        db,
        sql: """
            SELECT EXISTS (
                SELECT 1 FROM runs r JOIN pipelines p ON p.id = r.pipeline_id
                    JOIN pipelines n ON n.name = p.name AND n.id <> p.id
                WHERE r.id = ?)
            """, arguments: [run]) ?? false
}

/// Makes what the run's pipeline found in the scans of these files count again where another fingerprint of it was at
/// them since.
func reaffirm(sightings: ClosedRange<Int64>, run: Int64, _ db: Database) throws {
    let statement = try db.cachedStatement(
        sql: """
            SELECT DISTINCT a.id
            FROM runs r JOIN pipelines p ON p.id = r.pipeline_id
                CROSS JOIN sightings v ON v.id BETWEEN ?1 AND ?2
                JOIN standing_analyses a ON a.scan_id = v.scan_id AND a.pipeline_id = p.id AND a.state = 'done'
            WHERE r.id = ?3 AND EXISTS (
                SELECT 1 FROM standing_analyses n JOIN pipelines np ON np.id = n.pipeline_id
                WHERE n.scan_id = a.scan_id AND np.name = p.name AND (n.standing_run_id, n.id) > (a.standing_run_id, a.id))
            ORDER BY a.id
            """)
    for analysis in try Int64.fetchAll(statement, arguments: [sightings.lowerBound, sightings.upperBound, run]) {
        try db.cachedStatement(sql: "INSERT INTO reaffirmations (analysis_id, run_id) VALUES (?, ?)")
            .execute(arguments: [analysis, run])
        try AuditChain.vouch(.reaffirmation, for: db.lastInsertedRowID, db)
    }
}

/// Records that a run saw a file, whose it is, and what to know the file by next time.
func recordSighting(
    _ sighting: Sighting, scan: (id: Int64, sha256: ContentHash)?, run: Int64, _ db: Database
) throws -> Int64 {
    let patient = sighting.patient
    let known = try Int64.fetchOne(
        db.cachedStatement(
            sql: """
                UPDATE sightings SET patient_source = ?, last_run_id = max(last_run_id, ?)
                WHERE folder = ? AND path = ? AND ifnull(scan_id, 0) = ifnull(?, 0)
                    AND patient_id = (SELECT id FROM patients WHERE name = ?)
                RETURNING id
                """),
        arguments: [patient.source.rawValue, run, sighting.folder, sighting.path, scan?.id, patient.id])
    let id = try known ?? insertSighting(sighting, scan: scan?.id, run: run, db)
    if let stamp = sighting.stamp, let scan { try storeHash(scan.sha256, of: stamp, db) }
    return id
}

private func insertSighting(_ sighting: Sighting, scan: Int64?, run: Int64, _ db: Database) throws -> Int64 {
    try db.cachedStatement(sql: "INSERT INTO patients (name) VALUES (?) ON CONFLICT DO NOTHING")
        .execute(arguments: [sighting.patient.id])
    try db.cachedStatement(
        sql: """
            INSERT INTO sightings (folder, path, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt)
            SELECT ?1, ?2, ?3, id, ?4, ?5, ?5, randomblob(16) FROM patients WHERE name = ?6
            """
    ).execute(arguments: [
        sighting.folder, sighting.path, scan, sighting.patient.source.rawValue, run, sighting.patient.id,
    ])
    let id = db.lastInsertedRowID
    try AuditChain.vouch(.sighting, for: id, db)
    return id
}
