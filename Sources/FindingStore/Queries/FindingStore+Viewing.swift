import Findings
import GRDB
import Listings

extension FindingStore {
    /// The patient of this row; nil where there is none.
    public func patient(numbered number: Int64) throws(StoreError) -> String? {
        try read { db in try String.fetchOne(db, sql: "SELECT name FROM patients WHERE id = ?", arguments: [number]) }
    }

    /// The row of this patient; nil where there is none.
    public func number(ofPatient patient: String) throws(StoreError) -> Int64? {
        try read { db in try knownPatient(patient, db)?.id }
    }

    /// The scan that an analysis is of; nil where it could not be opened, or there is no such analysis.
    public func scan(ofAnalysis analysis: Int64) throws(StoreError) -> Scan? {
        try read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT s.* FROM analyses a JOIN scans s ON s.id = a.scan_id WHERE a.id = ?",
                arguments: [analysis])
            guard let row else { return nil }
            return Scan(
                sha256: try row.hash("sha256"), byteCount: try row.integer("byte_count"), image: try Scan.Image(row))
        }
    }

    /// Where files with a scan's bytes were seen, the newest first; absolute.
    public func places(of scan: ContentHash) throws(StoreError) -> [ScanPath] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT t.folder, t.path FROM sightings t JOIN scans s ON s.id = t.scan_id WHERE s.sha256 = ?
                    GROUP BY t.folder, t.path ORDER BY max(t.last_run_id) DESC, t.folder, t.path
                    """, arguments: [scan.hexadecimal])
            return try rows.map { ScanPath(try $0.text("folder")).appending(try $0.text("path")) }
        }
    }

    /// The bytes that a file had when the file system said this of it; nil where no run has hashed it so.
    public func hash(of stamp: FileStamp) throws(StoreError) -> ContentHash? {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT sha256 FROM file_stamps
                    WHERE device = ? AND inode = ? AND byte_count = ? AND modified_ns = ? AND changed_ns = ?
                    """,
                arguments: [
                    Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size,
                    stamp.modifiedNanoseconds, stamp.changedNanoseconds,
                ])
            return try row?.hash("sha256")
        }
    }

    /// One finding, with its geometry; nil where the analysis has none of that ordinal.
    public func finding(_ ordinal: Int, ofAnalysis analysis: Int64) throws(StoreError) -> Finding? {
        try read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM findings WHERE analysis_id = ? AND ordinal = ?", arguments: [analysis, ordinal])
            return try row.map { row in try Finding(row) }
        }
    }

    /// What an analysis says of whole images: grades and counts.
    public func scanFindings(ofAnalysis analysis: Int64) throws(StoreError) -> [Finding] {
        try read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT * FROM findings WHERE analysis_id = ? AND kind = 'scan' ORDER BY ordinal"),
                arguments: [analysis])
            return try rows.map { row in try Finding(row) }
        }
    }

    /// What was last said of findings of an analysis, by their ordinals; empty where nothing was.
    public func reviews(ofAnalysis analysis: Int64) throws(StoreError) -> [Int: Review] {
        guard let reviews = try reviews(), !reviews.isEmpty else { return [:] }
        return try read { db in
            var found: [Int: Review] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT ordinal, finding_id FROM findings WHERE analysis_id = ?", arguments: [analysis])
            while let row = try rows.next() {
                guard let id = FindingID(hexadecimal: try row.text("finding_id")), let review = reviews[id] else {
                    continue
                }
                found[Int(try row.integer("ordinal"))] = review
            }
            return found
        }
    }

    /// The labels of an analysis' findings, by name.
    public func labels(ofAnalysis analysis: Int64) throws(StoreError) -> [String] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT DISTINCT label FROM findings WHERE analysis_id = ? AND kind <> 'scan' ORDER BY label",
                arguments: [analysis])
        }
    }

    /// The current analyses that have findings, and when each ended: by both an analysis is known, also in a database that
    /// another takes the place of.
    public func analysesWithFindings() throws(StoreError) -> [Int64: Timestamp] {
        try read { db in
            let query: SQL =
                "SELECT id, finished_at FROM (\(attributedAnalyses)) WHERE is_current AND status = 'findings'"
            let rows = try SQLRequest<Row>(literal: query).fetchAll(db)
            return Dictionary(
                try rows.map { (try $0.integer("id"), try $0.moment("finished_at")) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// How many findings of each label the analyses from this number on have, but for what counts a scan's objects.
    public func labelCounts(fromAnalysis first: Int64) throws(StoreError) -> [Int64: [String: Int]] {
        try read { db in
            var counts: [Int64: [String: Int]] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT analysis_id, label, count(*) AS findings FROM findings
                    WHERE analysis_id >= ? AND NOT (kind = 'scan' AND probabilities = '{}') GROUP BY analysis_id, label
                    """, arguments: [first])
            while let row = try rows.next() {
                counts[try row.integer("analysis_id"), default: [:]][try row.text("label")] =
                    Int(try row.integer("findings"))
            }
            return counts
        }
    }
}
