import Findings
import GRDB

extension FindingStore {
    /// Every scan whose file is there, as far as is known, by the first patient who has it, and path.
    ///
    /// - Returns: nil where the database is of a version that kept no pictures.
    public func picturedScans() throws(StoreError) -> [PicturedScan]? {
        guard schema.version >= Schema.firstWithIllustrations else { return nil }
        return try read { db in
            var images: [Int64: [Int]] = [:]
            let pictures = try Row.fetchCursor(db, sql: "SELECT scan_id, image FROM thumbnails ORDER BY scan_id, image")
            while let row = try pictures.next() {
                images[try row.integer("scan_id"), default: []].append(Int(try row.integer("image")))
            }
            var scans: [PicturedScan] = []
            var places: [Int64: Int] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT t.scan_id, s.sha256, p.name AS patient, t.path
                    FROM attributions t JOIN patients p ON p.id = t.patient_id JOIN scans s ON s.id = t.scan_id
                    WHERE NOT t.is_replaced ORDER BY p.name, t.path, s.sha256
                    """)
            while let row = try rows.next() {
                let scan = try row.integer("scan_id")
                let owner = PicturedScan.Owner(patient: try row.text("patient"), path: try row.text("path"))
                if let place = places[scan] {
                    scans[place].owners.append(owner)
                } else {
                    places[scan] = scans.count
                    scans.append(
                        PicturedScan(sha256: try row.hash("sha256"), owners: [owner], images: images[scan] ?? []))
                }
            }
            return scans
        }
    }
}
