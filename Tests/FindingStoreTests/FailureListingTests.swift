import FindingStore
import Findings
import TestSupport
import Testing

/// Silence must never read as "negative": what failed is listed until it is done.
@Suite struct FailureListingTests {
    let folder: TemporaryFolder
    let store: FindingStore
    let run: Int64

    init() throws {
        folder = try TemporaryFolder()
        store = try .openForWriting(at: folder.database)
        run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
    }

    /// How each listed analysis ended, by its status or its code.
    private func endings(_ filter: FindingFilter = FindingFilter()) throws -> [String] {
        try store.analyses(filter).map { row in
            switch row.outcome {
            case .done(let status, _, _, _): status.rawValue
            case .failed(let failure): failure.code.rawValue
            }
        }
    }

    @Test func everyStatusIsListed() throws {
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        try store.record(Samples.record("b", Samples.done([], status: .noTissue), run: run))
        try store.record(Samples.record("c", Samples.done([], status: .rejected), run: run))
        try store.record(Samples.record("d", Samples.failed(), run: run))
        #expect(try endings() == ["findings", "no-tissue", "rejected", "malformed"])
        #expect(try endings(FindingFilter(patient: "P2")).isEmpty)
        #expect(
            try store.analyses().first?.outcome
                == .done(status: .findings, findings: 1, remarks: [], quality: ["tissue_share": 0.4]))
    }

    @Test func aLaterFailureIsShownBesideTheDoneAnalysis() throws {
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let changed = try store.beginRun(Samples.run, pipeline: Samples.pipeline("e"))
        try store.record(Samples.record("a", Samples.failed(.crashed), run: changed, pipeline: Samples.hash("e")))
        try store.record(Samples.record("a", Samples.failed(.timeout), run: changed, pipeline: Samples.hash("e")))
        #expect(try endings() == ["findings", "timeout"])
        #expect(try endings(FindingFilter(run: changed)) == ["crashed", "timeout"])
        try store.record(
            Samples.record("a", Samples.done([], status: .noTissue), run: changed, pipeline: Samples.hash("e")))
        #expect(try endings() == ["no-tissue"])
        #expect(try endings(FindingFilter(newestOnly: false)) == ["findings", "crashed", "timeout", "no-tissue"])
    }

    @Test func aFileThatCouldNotBeOpenedIsListedUntilItCan() throws {
        let failure = AnalysisFailure(stage: .open, code: .inputOutput, message: "cannot be read")
        func unopened(_ run: Int64) -> AnalysisRecord {
            AnalysisRecord(
                run: run, pipeline: Samples.hash("f"),
                subject: .unopened(Samples.sighting("P1/a.tif"), failure: failure), startedAt: Samples.start,
                finishedAt: Samples.start)
        }
        try store.record(unopened(run))
        let row = try #require(try store.analyses().first)
        #expect(row.scanSHA256 == nil && row.patient == "P1" && row.scan == "P1/a.tif")
        #expect(row.outcome == .failed(failure))
        #expect(try store.patients().first?.failed == 1)

        let next = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(unopened(next))
        #expect(try endings() == ["input-output"])
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: next))
        #expect(try endings() == ["findings"])
        #expect(try endings(FindingFilter(run: next)).sorted() == ["findings", "input-output"])
    }

    @Test func aReplacedFileTakesItsFailureWithItButNotItsFindings() throws {
        let place = [Samples.sighting("P1/x.tif")]
        try store.record(Samples.record("a", Samples.failed(), run: run, sightings: place))
        let second = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("b", Samples.done([Samples.region(0)]), run: second, sightings: place))
        #expect(try endings() == ["findings"])
        let third = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("c", Samples.done([], status: .noTissue), run: third, sightings: place))
        #expect(try endings() == ["findings", "no-tissue"])
        #expect(try store.analyses().map(\.isReplaced) == [true, false])
    }
}
