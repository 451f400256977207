import Findings
import GRDB

extension FindingStore {
    /// Calls `body` with every analysis that the filter asks for (its label and confidence aside), in the order of the
    /// findings: what was done, with or without findings, and beside it what failed and has not been done since.
    ///
    /// - Throws: `StoreError`, or what `body` throws, which ends the listing.
    public func forEachAnalysis(
        _ filter: FindingFilter = FindingFilter(), _ body: (AnalysisRow) throws -> Void
    ) throws {
        try reading { db in
            let models = try modelsByPipeline(db)
            let condition = try filter.condition(db)
            let query: SQL = """
                SELECT listed.*, (SELECT count(*) FROM findings f WHERE f.analysis_id = listed.id) AS findings
                FROM (\(attributedAnalyses)) AS listed WHERE \(condition) \(listingOrder)
                """
            let rows = try SQLRequest<Row>(literal: query).fetchCursor(db)
            while let row = try rows.next() {
                try body(AnalysisRow(row, models: models))
            }
        }
    }

    /// All analyses that the filter asks for, for callers that know them to be few.
    public func analyses(_ filter: FindingFilter = FindingFilter()) throws(StoreError) -> [AnalysisRow] {
        var rows: [AnalysisRow] = []
        do {
            try forEachAnalysis(filter) { rows.append($0) }
        } catch {
            throw StoreError(error, path: path)
        }
        return rows
    }
}

extension AnalysisRow {
    fileprivate init(_ row: Row, models: [Int64: [ModelIdentity]]) throws {
        let outcome: Outcome
        switch try row.text("state") {
        case "done":
            outcome = .done(
                status: try row.name("status"), findings: Int(try row.integer("findings")),
                remarks: try row.texts("remarks"), quality: try row.numbersByName("quality"))
        case "failed":
            outcome = .failed(
                AnalysisFailure(
                    stage: try row.name("stage"), code: try row.name("code"), message: try row.text("message")))
        default:
            throw DamagedRow(column: "state")
        }
        self.init(
            patient: try row.text("patient"), patientSource: try row.name("patient_source"), scan: try row.text("path"),
            scanSHA256: try row.optionalText("scan_sha256") == nil ? nil : try row.hash("scan_sha256"),
            outcome: outcome, isReplaced: try row.integer("is_replaced") != 0,
            origin: try AnalysisOrigin(row, models: models))
    }
}
