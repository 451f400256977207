import FindingStore
import Findings
import Foundation
import Listings
import TestSupport
import Testing

@Suite struct QueryTests {
    let folder: TemporaryFolder
    let store: FindingStore
    let run: Int64

    init() throws {
        folder = try TemporaryFolder()
        store = try .openForWriting(at: folder.database)
        run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
    }

    @Test func aFindingComesBackAsItWas() throws {
        let region = Samples.region(0)
        try store.record(Samples.record("a", Samples.done([region]), run: run))
        let row = try #require(try store.findings(includingGeometry: true).first)
        #expect(row.finding == region)
        #expect(row.patient == "P1")
        #expect(row.scan == "P1/a.tif")
        #expect(row.scanSHA256 == Samples.hash("a"))
        #expect(row.id == FindingID(scan: Samples.hash("a"), pipeline: Samples.hash("f"), ordinal: 0))
        #expect(row.origin.runID == run)
        #expect(row.origin.analysedAt == Timestamp(Samples.start + 10))
        #expect(row.origin.modelSHA256(.segmentation) == Samples.hash("1").hexadecimal)
        #expect(try store.findings().first?.finding.geometry == nil)
        #expect(try store.pipeline(Samples.hash("f")) == Samples.pipeline())
        #expect(try store.pipeline(Samples.hash("e")) == nil)
    }

    @Test func findingsAreOrdered() throws {
        let scrambled = [
            Samples.wholeScan(0), Samples.region(1, x: 9, y: 30), Samples.region(2, x: 30, y: 9),
            Samples.region(3, x: 10, y: 9), Samples.region(4, x: 10, y: 9),
        ]
        try store.record(
            Samples.record("b", Samples.done(scrambled), run: run, sightings: [Samples.sighting("1.tif", patient: "B")])
        )
        try store.record(
            Samples.record("a", Samples.done(scrambled), run: run, sightings: [Samples.sighting("2.tif", patient: "B")])
        )
        try store.record(
            Samples.record("c", Samples.done(scrambled), run: run, sightings: [Samples.sighting("3.tif", patient: "A")])
        )
        let rows = try store.findings()
        #expect(rows.map(\.scan) == ["3.tif", "1.tif", "2.tif"].flatMap { Array(repeating: $0, count: 5) })
        #expect(rows.prefix(5).map(\.finding.ordinal) == [3, 4, 2, 1, 0])
    }

    @Test func filtersNarrow() throws {
        let findings = [Samples.region(0, label: "Polyp", confidence: 0.5), Samples.region(1), Samples.wholeScan(2)]
        try store.record(Samples.record("a", Samples.done(findings), run: run))
        try store.record(
            Samples.record(
                "b", Samples.done(findings), run: run, sightings: [Samples.sighting("P2/b.tif", patient: "P2")],
                finishedAt: Samples.start + 100))
        func count(_ filter: FindingFilter) throws -> Int { try store.findings(filter).count }
        #expect(try count(FindingFilter()) == 6)
        #expect(try count(FindingFilter(patient: "P2")) == 3)
        #expect(try count(FindingFilter(patient: "p2")) == 0)
        #expect(try count(FindingFilter(label: "Polyp")) == 2)
        #expect(try count(FindingFilter(minimumConfidence: 0.6)) == 4)
        #expect(try count(FindingFilter(label: "Polyp", minimumConfidence: 0.5)) == 2)
        #expect(try count(FindingFilter(scan: "P2/b.tif")) == 3)
        #expect(try count(FindingFilter(scan: "AAAAAA")) == 3)
        #expect(try count(FindingFilter(scan: "aaaaa")) == 0)
        #expect(try count(FindingFilter(scan: "' OR 1 --")) == 0)
        #expect(try count(FindingFilter(run: run)) == 6)
        #expect(try count(FindingFilter(run: run + 1)) == 0)
        #expect(try count(FindingFilter(since: Timestamp(Samples.start + 100))) == 3)
        #expect(try count(FindingFilter(pipeline: "colorectal-biopsy")) == 6)
        #expect(try count(FindingFilter(pipeline: "ffffff")) == 6)
        #expect(try count(FindingFilter(pipeline: "eeeeee")) == 0)
    }

    @Test func theNewestDoneAnalysisIsCurrentWhateverTheClockSays() throws {
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let changed = try store.beginRun(Samples.run, pipeline: Samples.pipeline("e"))
        try store.record(
            Samples.record(
                "a", Samples.done([Samples.region(0, label: "Polyp")]), run: changed, pipeline: Samples.hash("e"),
                finishedAt: Samples.start - 86_400))
        #expect(try store.findings().map(\.finding.label) == ["Polyp"])
        #expect(try store.findings(FindingFilter(run: run)).map(\.finding.label) == ["Adenocarcinoma"])
        #expect(try store.findings(FindingFilter(pipeline: "ffffff")).map(\.finding.label) == ["Adenocarcinoma"])
        #expect(try store.findings(FindingFilter(newestOnly: false)).count == 2)
        let other = try store.beginRun(Samples.run, pipeline: Samples.pipeline("d", name: "other"))
        try store.record(
            Samples.record("a", Samples.done([Samples.region(0)]), run: other, pipeline: Samples.hash("d")))
        #expect(try store.findings().map(\.origin.pipeline) == ["colorectal-biopsy", "other"])
    }

    @Test func theSameBytesUnderTwoPatientsAreListedForBoth() throws {
        let sightings = [
            Samples.sighting("P1/a.tif", patient: "P1"), Samples.sighting("P2/a.tif", patient: "P2"),
            Samples.sighting("P2/copy.tif", patient: "P2"),
        ]
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run, sightings: sightings))
        #expect(try store.findings().map(\.scan) == ["P1/a.tif", "P2/a.tif"])
        #expect(try store.findings(FindingFilter(scan: "P2/copy.tif")).map(\.patient) == ["P2"])
        #expect(try store.scans().map(\.patient.id) == ["P1", "P2"])
    }

    @Test func aCorrectedPatientReplacesTheWrongOne() throws {
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let next = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        let corrected = Samples.sighting("P1/a.tif", patient: "P9")
        try store.recordSightings([(scan: Samples.hash("a"), sighting: corrected)], run: next)
        #expect(try store.findings().map(\.patient) == ["P9"])
        #expect(try store.patients().map(\.id) == ["P9"])
        #expect(try !store.exists(patient: "P1"))
    }

    @Test func summariesCount() throws {
        try store.record(Samples.record("a", Samples.done([Samples.region(0), Samples.wholeScan(1)]), run: run))
        try store.record(Samples.record("b", Samples.failed(), run: run))
        try store.finishRun(run, ending: .deadline, at: Samples.start + 60, counts: Samples.counts)
        _ = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        let patient = try #require(try store.patients().first)
        #expect(patient.scans == 2 && patient.withFindings == 1 && patient.failed == 1 && patient.regions == 1)
        let runs = try store.runs()
        #expect(runs.map(\.run) == [Samples.run, Samples.run])
        #expect(runs.first?.end?.ending == .deadline && runs.first?.end?.counts == Samples.counts)
        #expect(runs.first?.end?.at == Timestamp(Samples.start + 60))
        #expect(runs.last?.end == nil)
        #expect(try store.scans().map(\.scan) == [Samples.scan("a"), Samples.scan("b")])
        #expect(try store.exists(patient: "P1") && !store.exists(patient: "P2"))
        #expect(try store.exists(run: run) && !store.exists(run: 99))
        #expect(try store.exists(label: "Adenocarcinoma") && !store.exists(label: "adenocarcinoma"))
        #expect(try store.label(like: " adenocarcinoma") == "Adenocarcinoma")
        #expect(try store.label(like: "Carcinoma") == nil)
    }

    @Test func aBodyCanEndTheListing() throws {
        struct Enough: Error {}
        try store.record(Samples.record("a", Samples.done([Samples.region(0), Samples.region(1)]), run: run))
        var seen = 0
        #expect(throws: Enough.self) {
            try store.forEachFinding { _ in
                seen += 1
                throw Enough()
            }
        }
        #expect(seen == 1)
        #expect(try store.findings().count == 2)
    }
}

@Suite struct SummaryColumnTests {
    @Test func summariesAreListings() throws {
        let folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let patient = try #require(try store.patients().first)
        #expect(CSVWriter<PatientSummary>().record(patient) == "P1,1,1,0,0,0,1,2023-11-14T22:13:30.000Z\n")
        let scan = try #require(try store.scans().first)
        let hash = Samples.hash("a").hexadecimal
        #expect(
            CSVWriter<ScanSummary>().record(scan)
                == "P1,folder,P1/a.tif,/scans,\(hash),1000,300,200,1,0.5,ome,stripped 8-bit RGB,false,1,1,\n")
        let summary = try #require(try store.runs().first)
        #expect(
            CSVWriter<RunSummary>().record(summary).hasPrefix("1,2023-11-14T22:13:20.000Z,,,,,,,,colorectal-biopsy,"))
    }
}
