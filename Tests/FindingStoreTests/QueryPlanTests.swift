import Findings
import GRDB
import Testing

@testable import FindingStore

@Suite struct QueryPlanTests {
    /// What a patient's query costs must not depend on how many patients there are: no table is read from end to end.
    @Test func aPatientsQueryReadsThePatientsRowsAlone() throws {
        let folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let plan = try store.read { db in
            let condition = try FindingFilter(patient: "P1").condition(db)
            let query: SQL = "EXPLAIN QUERY PLAN \(attributedAnalyses) WHERE \(condition) \(listingOrder)"
            return try SQLRequest<Row>(literal: query).fetchAll(db).map { try $0.text("detail") }
        }
        // What is scanned is the outcome of the parts of the query itself.
        let scans = plan.filter { $0.hasPrefix("SCAN ") }
        #expect(!plan.isEmpty)
        #expect(scans.allSatisfy { $0.hasPrefix("SCAN listed") || $0.hasPrefix("SCAN (subquery") }, "\(scans)")
        #expect(plan.contains { $0.contains("USING INDEX sightings_by_patient (patient_id=?)") })
    }
}
