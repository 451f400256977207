import Findings
import GRDB
import Listings

/// Which findings, and which analyses, a query asks for. Nil asks for all.
public struct FindingFilter: Sendable, Hashable {
    public var patient: String?
    public var label: String?
    public var minimumConfidence: Double?
    /// A path as it is listed, or at least six digits from the start of a scan's hash.
    public var scan: String?
    /// Analyses of this run, current or not.
    public var run: Int64?
    /// This one, current or not.
    public var analysis: Int64?
    /// Analyses that ended then or later.
    public var since: Timestamp?
    /// A pipeline's name, or at least six digits from the start of its fingerprint.
    public var pipeline: String?
    /// Only what is current: the newest done analysis of a scan by a pipeline's name. A run, or a fingerprint, asks for
    /// its own analyses whether current or not.
    public var newestOnly: Bool

    public init(
        patient: String? = nil, label: String? = nil, minimumConfidence: Double? = nil, scan: String? = nil,
        run: Int64? = nil, analysis: Int64? = nil, since: Timestamp? = nil, pipeline: String? = nil,
        newestOnly: Bool = true
    ) {
        self.patient = patient
        self.label = label
        self.minimumConfidence = minimumConfidence
        self.scan = scan
        self.run = run
        self.analysis = analysis
        self.since = since
        self.pipeline = pipeline
        self.newestOnly = newestOnly
    }
}

extension FindingFilter {
    /// What the filter asks of an analysis, over the columns of `attributedAnalyses`.
    func condition(_ db: Database) throws -> SQL {
        var condition: SQL = "1"
        if let patient {
            // By its number, which SQLite can follow into the views: one patient's query reads one patient's rows.
            let id = try knownPatient(patient, db)?.id
            condition.append(literal: " AND patient_id = \(id)")
        }
        if let run { condition.append(literal: " AND run_id = \(run)") }
        if let analysis {
            let scan = try Int64.fetchOne(db, sql: "SELECT scan_id FROM analyses WHERE id = ?", arguments: [analysis])
            condition.append(literal: " AND id = \(analysis)")
            if let scan { condition.append(literal: " AND scan_id = \(scan)") }
        }
        if let since { condition.append(literal: " AND finished_at >= \(since.description)") }
        if let scan {
            // By its number too, for the same reason. What could not be opened has none.
            let ids = try scanIDs(scan, db)
            condition.append(
                literal: ids.isEmpty ? " AND scan_id IS NULL" : " AND (scan_id IS NULL OR scan_id IN \(ids))")
            condition.append(
                literal: """
                     AND (path = \(scan) OR scan_sha256 >= \(hashPrefix(scan)) AND scan_sha256 < \(hashPrefix(scan)) || 'g'
                        OR EXISTS (SELECT 1 FROM sightings o
                            WHERE o.scan_id = listed.scan_id AND o.patient_id = listed.patient_id AND o.path = \(scan)))
                    """)
        }
        var asksForFingerprint = false
        if let pipeline {
            let isName = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM pipelines WHERE name = ?)", arguments: [pipeline])
            if isName == true {
                condition.append(literal: " AND pipeline_name = \(pipeline)")
            } else {
                let prefix = hashPrefix(pipeline)
                condition.append(literal: " AND pipeline_sha256 >= \(prefix) AND pipeline_sha256 < \(prefix) || 'g'")
                asksForFingerprint = true
            }
        }
        if newestOnly, run == nil, analysis == nil, !asksForFingerprint { condition.append(literal: " AND is_current") }
        return condition
    }
}

/// The patient of this id as it is written or, unless there is one, in the form that ids are recorded in.
func knownPatient(_ written: String, _ db: Database) throws -> (id: Int64, name: String)? {
    for name in [written, Patient.id(writtenAs: written)] {
        let id = try Int64.fetchOne(db, sql: "SELECT id FROM patients WHERE name = ?", arguments: [name])
        if let id { return (id, name) }
    }
    return nil
}

/// Scans that were ever seen at this path, or whose hash begins so.
func scanIDs(_ scan: String, _ db: Database) throws -> [Int64] {
    try Int64.fetchAll(
        db,
        sql: """
            SELECT scan_id FROM sightings WHERE path = ?1 AND scan_id IS NOT NULL
            UNION SELECT id FROM scans WHERE sha256 >= ?2 AND sha256 < ?2 || 'g'
            """, arguments: [scan, hashPrefix(scan)])
}

/// The text as the start of a hash; nil, which is the start of none, where it cannot be one.
private func hashPrefix(_ text: String) -> String? {
    let lowered = text.lowercased()
    let isPrefix = (6...64).contains(lowered.utf8.count) && lowered.utf8.allSatisfy("0123456789abcdef".utf8.contains)
    return isPrefix ? lowered : nil
}
