import Findings
import GRDB

/// A file in whose place a later run saw another scan, and nowhere the one that was there before.
public struct OverwrittenSighting: Sendable, Hashable {
    public let id: Int64
    /// The one that was there before.
    public let scan: ContentHash
    /// Where else that one was seen as the same patient's, and may still be.
    public let others: [FormerSighting]
}

extension FindingStore {
    /// Files that this run saw with other bytes than an earlier one.
    ///
    /// - Parameter isMerged: whether runs of several hosts may be in the database, on each of which a path is another file:
    ///   then only what one host saw counts.
    public func overwrittenSightings(
        asOf run: Int64, isMerged: Bool = false
    ) throws(StoreError) -> [OverwrittenSighting] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    WITH present AS MATERIALIZED (
                        SELECT v.scan_id, v.folder || '/' || v.path AS place, r.host
                        FROM sightings v JOIN runs r ON r.id = v.first_run_id
                        WHERE v.last_run_id = ?1 AND v.scan_id IS NOT NULL)
                    SELECT DISTINCT s.id, s.scan_id, s.patient_id, c.sha256
                    FROM sightings s CROSS JOIN present n ON n.place = s.folder || '/' || s.path
                        JOIN runs r ON r.id = s.first_run_id JOIN scans c ON c.id = s.scan_id
                    WHERE s.last_run_id < ?1 AND n.scan_id <> s.scan_id AND (NOT ?2 OR n.host = r.host)
                        AND NOT EXISTS (SELECT 1 FROM sightings v WHERE v.scan_id = s.scan_id AND v.last_run_id = ?1)
                        AND NOT EXISTS (
                            SELECT 1 FROM departures d WHERE d.sighting_id = s.id AND d.run_id > s.last_run_id)
                    ORDER BY s.id
                    """, arguments: [run, isMerged])
            let ids = Set(try rows.map { try $0.integer("id") })
            return try rows.map { row in
                let scan = try row.hash("sha256")
                let others = try Row.fetchAll(
                    db.cachedStatement(
                        sql: """
                            SELECT id, folder, path FROM current_sightings
                            WHERE scan_id = ? AND patient_id = ? AND NOT is_replaced ORDER BY id
                            """), arguments: [try row.integer("scan_id"), try row.integer("patient_id")])
                return OverwrittenSighting(
                    id: try row.integer("id"), scan: scan,
                    others: try others.filter { try !ids.contains($0.integer("id")) }.map { other in
                        FormerSighting(
                            id: try other.integer("id"), scan: scan,
                            file: ScanPath(try other.text("folder")).appending(try other.text("path")),
                            isReplaced: false, isToldNoMore: false, devices: try devices(of: scan, db))
                    })
            }
        }
    }
}
