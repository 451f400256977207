import Findings
import GRDB
import TestSupport
import Testing

@testable import FindingStore

@Suite struct QueryPlanTests {
    /// What a patient's or a scan's query costs must not depend on how many there are: no table is read from end to end.
    @Test(arguments: [
        (FindingFilter(patient: "P1"), "sightings_by_patient (patient_id=?)"),
        (FindingFilter(scan: "P1/a.tif"), "sightings_by_scan (scan_id=?)"),
        (FindingFilter(scan: Samples.hash("a").hexadecimal), "sightings_by_scan (scan_id=?)"),
    ])
    func aQueryReadsTheRowsAskedForAlone(filter: FindingFilter, index: String) throws {
        let folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let plan = try store.read { db in
            let condition = try filter.condition(db)
            let query: SQL = "EXPLAIN QUERY PLAN \(attributedAnalyses) WHERE \(condition) \(listingOrder)"
            return try SQLRequest<Row>(literal: query).fetchAll(db).map { try $0.text("detail") }
        }
        // What is scanned is the outcome of the parts of the query itself, and what could not be opened.
        let scans = plan.filter { $0.hasPrefix("SCAN ") }
        #expect(!plan.isEmpty)
        let allowed = ["SCAN listed", "SCAN (subquery", "SCAN a USING INDEX analyses_by_sighting"]
        #expect(scans.allSatisfy { scan in allowed.contains { scan.hasPrefix($0) } }, "\(scans)")
        #expect(plan.contains { $0.contains("USING INDEX \(index)") }, "\(plan)")
    }
}
