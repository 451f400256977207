import Findings
import FoundationEssentials
import GRDB

extension FindingStore {
    /// Calls `body` with every finding that the filter asks for, ordered by patient, scan, hash, image, kind, y,
    /// x and ordinal.
    ///
    /// Streamed from one consistent view of the database: memory does not grow with the number of findings.
    ///
    /// - Parameter includingGeometry: whether the findings come with their exact pixels.
    /// - Throws: `StoreError`, or what `body` throws, which ends the listing.
    public func forEachFinding(
        _ filter: FindingFilter = FindingFilter(), includingGeometry: Bool = false,
        _ body: (FindingRow) throws -> Void
    ) throws {
        var stopped: (any Error)?
        try read { db in
            let models = try modelsByPipeline(db)
            let condition = try filter.condition(db)
            let analyses: SQL =
                "\(attributedAnalyses) WHERE \(condition) AND status = 'findings' \(listingOrder)"
            let analysisRows = try SQLRequest<Row>(literal: analyses).fetchCursor(db)
            while let analysis = try analysisRows.next() {
                let heading = try FindingHeading(analysis, models: models)
                let rows = try findingRows(
                    of: heading.origin.analysisID, filter, includingGeometry: includingGeometry, schema, db)
                while let row = try rows.next() {
                    let finding = try heading.row(row)
                    do {
                        try body(finding)
                    } catch {
                        stopped = error
                        return
                    }
                }
            }
        }
        if let stopped { throw stopped }
    }

    /// All findings that the filter asks for, for callers that know them to be few.
    public func findings(
        _ filter: FindingFilter = FindingFilter(), includingGeometry: Bool = false
    ) throws(StoreError) -> [FindingRow] {
        var rows: [FindingRow] = []
        do {
            try forEachFinding(filter, includingGeometry: includingGeometry) { rows.append($0) }
        } catch {
            throw StoreError(error, path: path)
        }
        return rows
    }
}

private func findingRows(
    of analysisID: Int64, _ filter: FindingFilter, includingGeometry: Bool, _ schema: Schema, _ db: Database
) throws -> RowCursor {
    let image = schema.version >= Schema.firstWithImages ? "image" : "0 AS image"
    let statement = try db.cachedStatement(
        sql: """
            SELECT finding_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height, centroid_x,
                centroid_y, area_px, area_um2, probabilities, measurements, \(image), \(includingGeometry ? "geometry" : "NULL AS geometry")
            FROM findings
            WHERE analysis_id = ? AND (?2 IS NULL OR label = ?2) AND (?3 IS NULL OR confidence >= ?3)
            ORDER BY \(schema.version >= Schema.firstWithImages ? "image, " : "")kind, y, x, ordinal
            """)
    return try Row.fetchCursor(statement, arguments: [analysisID, filter.label, filter.minimumConfidence])
}

/// What the findings of one analysis of one patient's scan have in common.
private struct FindingHeading {
    let patient: String
    let scan: String
    let scanSHA256: ContentHash
    let origin: AnalysisOrigin

    init(_ row: Row, models: [Int64: [ModelIdentity]]) throws(DamagedRow) {
        patient = try row.text("patient")
        scan = try row.text("path")
        scanSHA256 = try row.hash("scan_sha256")
        origin = try AnalysisOrigin(row, models: models)
    }

    func row(_ row: Row) throws(DamagedRow) -> FindingRow {
        guard let id = FindingID(hexadecimal: try row.text("finding_id")) else {
            throw DamagedRow(column: "finding_id")
        }
        return FindingRow(
            patient: patient, scan: scan, scanSHA256: scanSHA256, id: id, finding: try Finding(row), origin: origin)
    }
}
