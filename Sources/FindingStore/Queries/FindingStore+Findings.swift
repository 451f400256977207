import Findings
import FoundationEssentials
import GRDB
import Listings

/// What the findings of one analysis of one patient's scan have in common.
public struct FindingHeading: Sendable, Hashable {
    public let patient: String
    /// The scan's path, relative to the folder that was given.
    public let scan: String
    public let scanSHA256: ContentHash
    public let origin: AnalysisOrigin
}

extension FindingStore {
    /// Calls `body` with every finding that the filter asks for, ordered by patient, scan, hash, image, kind, y, x and
    /// ordinal, as the database holds it.
    ///
    /// Streamed from one consistent view of the database: memory does not grow with the number of findings.
    ///
    /// - Parameters:
    ///   - includingGeometry: whether the findings come with their exact pixels.
    ///   - begin: is called before the findings of each analysis.
    /// - Throws: `StoreError`, or what a body throws, which ends the listing.
    public func forEachRecord(
        _ filter: FindingFilter = FindingFilter(), includingGeometry: Bool = false,
        under begin: (FindingHeading) throws -> Void, _ body: (FindingRecord) throws -> Void
    ) throws {
        try reading { db in
            let models = try modelsByPipeline(db)
            let condition = try filter.condition(db)
            let analyses: SQL = "\(attributedAnalyses) WHERE \(condition) AND status = 'findings' \(listingOrder)"
            let rows = try SQLRequest<Row>(literal: analyses).fetchCursor(db)
            let statement = try db.makeStatement(sql: recordQuery(includingGeometry: includingGeometry))
            while let row = try rows.next() {
                let heading = try FindingHeading(row, models: models)
                try begin(heading)
                try FindingRecord.forEach(
                    of: statement, arguments: [heading.origin.analysisID, filter.label, filter.minimumConfidence], db,
                    body)
            }
        }
    }

    /// The same with every finding read.
    public func forEachFinding(
        _ filter: FindingFilter = FindingFilter(), includingGeometry: Bool = false,
        _ body: (FindingRow) throws -> Void
    ) throws {
        var heading: FindingHeading?
        try forEachRecord(filter, includingGeometry: includingGeometry, under: { heading = $0 }) { record in
            if let heading { try body(FindingRow(heading, record)) }
        }
    }

    /// The findings of one analysis, in the order of all listings.
    public func findings(
        ofAnalysis analysis: Int64, includingGeometry: Bool = false
    ) throws(StoreError) -> [Finding] {
        try read { db in
            let statement = try db.cachedStatement(sql: recordQuery(includingGeometry: includingGeometry))
            var findings: [Finding] = []
            try FindingRecord.forEach(of: statement, arguments: [analysis, nil, nil], db) {
                findings.append(try Finding($0))
            }
            return findings
        }
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

    /// Of one analysis, in the order of all listings: an index has them so.
    private func recordQuery(includingGeometry: Bool) -> String {
        let hasImages = schema.version >= Schema.firstWithImages
        return """
            SELECT \(FindingRecord.columns), \(hasImages ? "image" : "0 AS image"),
                \(includingGeometry ? "geometry" : "NULL AS geometry")
            FROM findings
            WHERE analysis_id = ? AND (?2 IS NULL OR label = ?2) AND (?3 IS NULL OR confidence >= ?3)
            ORDER BY \(hasImages ? "image, " : "")kind, y, x, ordinal
            """
    }
}

extension FindingHeading {
    fileprivate init(_ row: Row, models: [Int64: [ModelIdentity]]) throws {
        patient = try row.text("patient")
        scan = try row.text("path")
        scanSHA256 = try row.hash("scan_sha256")
        origin = try AnalysisOrigin(row, models: models)
    }
}

extension FindingRow {
    fileprivate init(_ heading: FindingHeading, _ record: FindingRecord) throws {
        guard let id = FindingID(hexadecimal: String(decoding: record.id, as: UTF8.self)) else {
            throw DamagedRow(column: "finding_id")
        }
        self.init(
            patient: heading.patient, scan: heading.scan, scanSHA256: heading.scanSHA256, id: id,
            finding: try Finding(record), origin: heading.origin)
    }
}

extension FindingRecord {
    /// The probabilities by class, in the network's order.
    ///
    /// - Throws: `StoreError` where they are no such list.
    public func namedProbabilities() throws -> [(name: String, value: Double)] {
        try numbers(probabilities, column: "probabilities")
    }
}

extension Finding {
    fileprivate init(_ record: FindingRecord) throws {
        let probabilities = try record.namedProbabilities()
        let measurements = try numbers(record.measurements, column: "measurements")
        self.init(
            ordinal: record.ordinal, kind: record.kind, label: String(decoding: record.label, as: UTF8.self),
            confidence: record.confidence, rawConfidence: record.rawConfidence, image: record.image, box: record.box,
            centroid: record.centroid, areaPixels: record.areaPixels,
            areaSquareMicrometres: record.areaSquareMicrometres,
            probabilities: probabilities.map { ClassProbability(label: $0.name, probability: $0.value) },
            measurements: Dictionary(measurements.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
            geometry: record.geometry)
    }
}

private func numbers(_ bytes: [UInt8], column: String) throws -> [(name: String, value: Double)] {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let numbers = try? JSONValue(parsing: text).namedNumbers else { throw DamagedRow(column: column) }
    return numbers
}
