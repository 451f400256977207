import Findings
import GRDB
import Listings

/// Records what is kept of a scan to look at, in the transaction of its analysis. A scan's first picture stays: others show
/// the same bytes.
func recordIllustration(
    _ illustration: ScanIllustration, scanID: Int64, analysisID: Int64, _ db: Database
) throws {
    for thumbnail in illustration.thumbnails {
        try db.cachedStatement(
            sql: """
                INSERT INTO thumbnails (scan_id, image, width, height, jpeg) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [scanID, thumbnail.image, thumbnail.width, thumbnail.height, thumbnail.jpeg])
        if db.changesCount > 0 { try AuditChain.vouch(.thumbnail, for: db.lastInsertedRowID, db) }
    }
    for map in illustration.heatMaps {
        try db.cachedStatement(
            sql: """
                INSERT INTO heat_maps (analysis_id, image, stage, classes, columns, rows, graded, levels)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            analysisID, map.image, map.stage, JSONValue.texts(map.classes).compact, ends(of: map.columns),
            ends(of: map.rows), map.graded, map.levels,
        ])
        try AuditChain.vouch(.heatMap, for: db.lastInsertedRowID, db)
    }
}

private func ends(of ranges: [Range<Int>]) -> String {
    JSONValue.array(ranges.flatMap { [.integer($0.lowerBound), .integer($0.upperBound)] }).compact
}
