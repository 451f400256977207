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

    /// Files that nothing is new of are recorded by their rows.
    @Test func countAgainByTheRowsOfTheirFiles() throws {
        let stamp = FileStamp(device: 1, inode: 2, size: 3, modifiedNanoseconds: 4, changedNanoseconds: 5)
        let sighting = Samples.sighting("P1/a.tif", stamp: stamp)
        let first = try store.beginRun(Samples.run, pipeline: Samples.pipeline("f"))
        let old = Samples.done([Samples.region(0, label: "Old")])
        try store.record(Samples.record("a", old, run: first, sightings: [sighting]))
        _ = try night("e", Samples.done([Samples.region(0, label: "New")]))

        let third = try store.beginRun(Samples.run, pipeline: Samples.pipeline("f"))
        func rows(_ patients: [Patient]) throws -> [Int64]? {
            try store.withKnownFiles(pipeline: Samples.hash("f")) { known in
                let file = try #require(try known.file(with: stamp))
                #expect(file.isDone)
                return try known.sightings(
                    of: file, folder: sighting.folder, path: sighting.path, patients: patients)
            }
        }
        let patient = sighting.patient
        let other = Patient(id: "P2", source: patient.source)
        #expect(try rows([other]) == nil)
        #expect(try rows([patient, other]) == nil)
        #expect(try rows([Patient(id: patient.id, source: patient.source == .manifest ? .folder : .manifest)]) == nil)
        let row = try #require(try rows([patient]))
        #expect(try store.isSeen(Samples.hash("a"), run: third) == false)
        try store.recordSeenAgain(row + row, run: third)
        #expect(try store.isSeen(Samples.hash("a"), run: third))
        #expect(try labels == ["Old"])
        #expect(throws: StoreError.self) { try store.recordSeenAgain([row[0], row[0] + 1000], run: third) }
        try store.finishRun(third, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        #expect(try store.verify().irregularities == [])
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
