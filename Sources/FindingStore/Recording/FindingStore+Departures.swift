import Findings
import GRDB

/// A file that an earlier run saw, whose scan a later one saw under other patients only.
public struct FormerSighting: Sendable, Hashable {
    public let id: Int64
    public let scan: ContentHash
    /// Absolute.
    public let file: ScanPath
    /// Whether the file has had other bytes since, or was seen by the later run as well, as another's.
    public let isReplaced: Bool
    /// Whether a manifest or a label told whose the file was, and its path alone did so to the later run, in the same place.
    public let isToldNoMore: Bool
    /// The file systems that the scan's bytes were seen on, as far as that is known.
    public let devices: Set<UInt64>
}

extension FindingStore {
    /// What may have been moved, or is another patient's in its place: files that this run did not see as the same patient's,
    /// and whose scans it saw under other patients only.
    public func formerSightings(asOf run: Int64) throws(StoreError) -> [FormerSighting] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT s.id, c.sha256, s.folder, s.path, s.patient_source, EXISTS (
                            SELECT 1 FROM sightings n
                            WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id <> s.scan_id
                                AND n.last_run_id > s.last_run_id) AS is_replaced, (
                            SELECT min(n.patient_source IN ('pattern', 'folder')) FROM sightings n
                            WHERE n.scan_id = s.scan_id AND n.last_run_id = ?1
                                AND n.folder || '/' || n.path = s.folder || '/' || s.path) AS is_by_path
                    FROM sightings s JOIN scans c ON c.id = s.scan_id
                    WHERE s.last_run_id < ?1
                        AND EXISTS (SELECT 1 FROM sightings n WHERE n.scan_id = s.scan_id AND n.last_run_id = ?1)
                        AND NOT EXISTS (
                            SELECT 1 FROM sightings n
                            WHERE n.scan_id = s.scan_id AND n.last_run_id = ?1 AND n.patient_id = s.patient_id)
                        AND NOT EXISTS (
                            SELECT 1 FROM sightings n
                            WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id = s.scan_id
                                AND n.last_run_id > s.last_run_id AND n.last_run_id < ?1)
                        AND NOT EXISTS (
                            SELECT 1 FROM departures d WHERE d.sighting_id = s.id AND d.run_id > s.last_run_id)
                    ORDER BY s.id
                    """, arguments: [run])
            return try rows.map { row in
                let scan = try row.hash("sha256")
                let isByPath = try row.optionalInteger("is_by_path")
                let told = try [.manifest, .label].map(\Patient.Source.rawValue).contains(row.text("patient_source"))
                return FormerSighting(
                    id: try row.integer("id"), scan: scan,
                    file: ScanPath(try row.text("folder")).appending(try row.text("path")),
                    isReplaced: try row.integer("is_replaced") != 0 || isByPath != nil,
                    isToldNoMore: told && isByPath == 1, devices: try devices(of: scan, db))
            }
        }
    }

    /// The folders in which this run saw scans, absolute.
    public func foldersSeen(by run: Int64) throws(StoreError) -> [ScanPath] {
        try read { db in
            try String.fetchAll(
                db, sql: "SELECT DISTINCT folder FROM sightings WHERE last_run_id = ? ORDER BY 1", arguments: [run]
            ).map { ScanPath($0) }
        }
    }

    /// Records that these files are gone, or hold another scan: from this run on their scans are not their patients' any more.
    public func recordDepartures(_ sightings: [Int64], run: Int64) throws(StoreError) {
        guard !sightings.isEmpty else { return }
        try write { db in
            for sighting in sightings {
                try db.execute(
                    sql: "INSERT INTO departures (sighting_id, run_id) VALUES (?, ?)", arguments: [sighting, run])
                try AuditChain.vouch(.departure, for: db.lastInsertedRowID, db)
            }
        }
    }
}

/// The file systems that the scan's bytes were seen on.
func devices(of scan: ContentHash, _ db: Database) throws -> Set<UInt64> {
    let devices = try Int64.fetchAll(
        db, sql: "SELECT DISTINCT device FROM file_stamps WHERE sha256 = ?", arguments: [scan.hexadecimal])
    return Set(devices.map(UInt64.init(bitPattern:)))
}
