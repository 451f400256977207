import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FindingStore

@Suite struct FirstSchemaTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FirstSchema.write(to: folder.database)
    }

    private func reader() throws -> FindingStore { try .openForReading(at: folder.database) }

    @Test func itIsReadAsItIs() throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        #expect(try reader().findings().count == 2)
        #expect(try reader().analyses().map(\.status) == ["findings", "failed"])
        #expect(try reader().standingAnalyses(asOf: 1).map(\.analysisID) == [1])
        let verification = try reader().verify()
        #expect(verification.irregularities == [])
        #expect(verification.remarks.count == 1 && verification.head == nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    }

    /// The second schema's chain goes on to vouch for the rows of the third.
    @Test func theSecondSchemaIsReadAsItIsAndMigrated() throws {
        try FindingStore.openForWriting(at: folder.database, schema: Schema.current.upTo(2)).close()
        let before = try reader().findings(includingGeometry: true)
        #expect(before.count == 2)
        #expect(try reader().standingAnalyses(asOf: 1).map(\.analysisID) == [1])
        let verification = try reader().verify()
        #expect(verification.irregularities == [] && verification.remarks == [])
        let head = try #require(verification.head)
        let store = try FindingStore.openForWriting(at: folder.database)
        #expect(try store.findings(includingGeometry: true) == before)
        #expect(try store.verify(earlierHead: head).irregularities == [])
        #expect(try FindingStore.openForReading(at: folder.database + ".schema-2").findings().count == 2)
    }

    @Test func aWriterBacksItUpAndBeginsTheChain() throws {
        let (findings, analyses) = (try reader().findings(includingGeometry: true), try reader().analyses())
        let store = try FindingStore.openForWriting(at: folder.database)
        #expect(try store.findings(includingGeometry: true) == findings)
        #expect(try store.analyses() == analyses)
        let verification = try store.verify()
        #expect(verification.irregularities == [])
        // Pipeline, run, two sightings and analyses, the run's end, the catalogue; the migration and its catalogue.
        #expect(verification.auditEntries == 10)
        let backup = folder.database + ".schema-1"
        #expect(try FindingStore.openForReading(at: backup).findings(includingGeometry: true) == findings)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline("e"))
        try store.record(
            Samples.record("a", Samples.done([Samples.region(0)]), run: run, pipeline: Samples.hash("e")))
        try store.finishRun(run, ending: .completed, at: Samples.start, counts: Samples.counts)
        #expect(try store.verify().irregularities == [])
        #expect(try store.forget(patient: "P1")?.removedBackups == 1)
        #expect(try store.verify().irregularities == [])
    }
}
