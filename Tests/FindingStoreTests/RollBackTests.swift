import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

/// What counts is what the pipeline in use says: after a step back to an older one, its findings, made long ago.
@Suite struct RollBackTests {
    let folder: TemporaryFolder
    let store: FindingStore
    let seen = (scan: Samples.hash("a"), sighting: Samples.sighting("P1/a.tif"))

    init() throws {
        folder = try TemporaryFolder()
        store = try .openForWriting(at: folder.database)
    }

    private func night(_ pipeline: Character, _ outcome: AnalysisOutcome?) throws -> Int64 {
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline(pipeline))
        if let outcome {
            try store.record(Samples.record("a", outcome, run: run, pipeline: Samples.hash(pipeline)))
        } else {
            try store.recordSightings([seen, seen], run: run)
        }
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        return run
    }

    private var labels: [String] { get throws { try store.findings().map(\.finding.label) } }

    @Test func theOlderPipelinesFindingsCountAgain() throws {
        let first = try night("f", Samples.done([Samples.region(0, label: "Old")]))
        let second = try night("e", Samples.done([Samples.region(0, label: "New")]))
        #expect(try labels == ["New"])
        let third = try night("f", nil)
        #expect(try labels == ["Old"])
        _ = try night("f", nil)
        #expect(try labels == ["Old"])
        let fifth = try night("e", nil)
        #expect(try labels == ["New"])
        #expect(try store.verify().irregularities == [])
        #expect(try store.standingAnalyses(asOf: first).map(\.analysisID) == [1])
        #expect(try store.standingAnalyses(asOf: second).map(\.analysisID) == [2])
        #expect(try store.standingAnalyses(asOf: third).map(\.analysisID) == [1])
        #expect(try store.standingAnalyses(asOf: fifth).map(\.analysisID) == [2])
        #expect(try store.analyses().count == 1)
    }

    @Test func aFailureInBetweenIsPutRight() throws {
        _ = try night("f", Samples.done([Samples.region(0, label: "Old")]))
        _ = try night("e", Samples.failed(.timeout))
        #expect(try store.analyses().map(\.status) == ["findings", "failed"])
        _ = try night("f", nil)
        #expect(try store.analyses().map(\.status) == ["findings"])
    }

    @Test func anUnchangedNightWritesNoReaffirmation() throws {
        _ = try night("f", Samples.done([Samples.region(0)]))
        let before = try store.verify().auditEntries
        _ = try night("f", nil)
        // The run, its end, and the catalogue.
        #expect(try store.verify().auditEntries == before + 3)
    }
}
