import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

@Suite struct RecordingTests {
    let folder: TemporaryFolder
    let store: FindingStore
    let run: Int64

    init() throws {
        folder = try TemporaryFolder()
        store = try .openForWriting(at: folder.database)
        run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
    }

    @Test func aDoneScanIsKnownAfterwards() throws {
        #expect(try !store.doneAnalysisExists(scan: Samples.hash("a"), pipeline: Samples.hash("f")))
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        #expect(try store.doneAnalysisExists(scan: Samples.hash("a"), pipeline: Samples.hash("f")))
        #expect(try !store.doneAnalysisExists(scan: Samples.hash("a"), pipeline: Samples.hash("e")))
        #expect(try !store.doneAnalysisExists(scan: Samples.hash("b"), pipeline: Samples.hash("f")))
    }

    @Test func aFailedScanIsNotDoneButCounted() throws {
        try store.record(Samples.record("a", Samples.failed(), run: run))
        try store.record(Samples.record("a", Samples.failed(.timeout), run: run))
        #expect(try !store.doneAnalysisExists(scan: Samples.hash("a"), pipeline: Samples.hash("f")))
        #expect(try standing("a") == .failed(FailureCounts(all: 2, lasting: 1), isAccepted: false))
        try store.accept([Samples.hash("a")], run: run)
        #expect(try standing("a") == .failed(FailureCounts(all: 2, lasting: 1), isAccepted: true))
        try store.record(Samples.record("a", Samples.done([], status: .noTissue), run: run))
        #expect(try standing("a") == .done)
        #expect(try standing("b") == .new)
        #expect(try store.verify().irregularities == [])
    }

    private func standing(_ digit: Character) throws -> KnownFiles.Standing {
        try store.withKnownFiles(pipeline: Samples.hash("f")) { try $0.standing(of: Samples.hash(digit), spacing: nil) }
    }

    private func cachedHash(_ stamp: FileStamp) throws -> ContentHash? {
        try store.withKnownFiles(pipeline: Samples.hash("f")) { try $0.file(with: stamp)?.sha256 }
    }

    @Test func theFirstDoneAnalysisStands() throws {
        let record = Samples.record("a", Samples.done([Samples.region(0)]), run: run)
        #expect(try store.record(record) == .recorded(analysis: 1))
        #expect(try store.record(record) == .alreadyDone)
    }

    /// Findings of every kind come back as they were, by image, then kind.
    @Test func everyKindIsKept() throws {
        let outline = Data([1, 2, 3])
        let findings = [
            Samples.finding(0, .tile, image: 1), Samples.finding(1, .scan),
            Samples.finding(2, .object, areaPixels: 9, areaSquareMicrometres: 2.25, geometry: outline),
            Samples.finding(3, .object), Samples.finding(4, .artefact, areaPixels: 9, geometry: outline),
            Samples.finding(5, .region, image: 1, areaPixels: 9, geometry: outline),
        ]
        try store.record(Samples.record("a", Samples.done(findings), run: run))
        let listed = try store.findings(includingGeometry: true).map(\.finding)
        #expect(listed.map(\.ordinal) == [4, 2, 3, 1, 5, 0])
        #expect(listed.sorted { $0.ordinal < $1.ordinal } == findings)
        #expect(try store.verify().irregularities == [])
    }

    /// Texts of any letters, and as far as SQLite reads them.
    @Test func textsAreKeptAsTheyAre() throws {
        let findings = ["Drüse \"4\"", "腺\u{1F52C}", "a\u{0}b", "\u{7F}\n"].enumerated().map { ordinal, label in
            Samples.region(ordinal, label: label)
        }
        try store.record(Samples.record("a", Samples.done(findings), run: run))
        let listed = try store.findings(includingGeometry: true).map(\.finding.label)
        #expect(Set(listed) == ["Drüse \"4\"", "腺\u{1F52C}", "a", "\u{7F}\n"])
        #expect(try store.verify().irregularities == [])
    }

    /// A record that breaks an invariant leaves nothing behind.
    @Test(arguments: [
        Samples.region(0, confidence: .nan), Samples.region(0, confidence: 1.5), Samples.region(0, x: -1),
        Samples.region(0, label: ""), Samples.finding(0, .region, areaPixels: 9),
        Samples.finding(0, .object, image: -1),
        Samples.finding(0, .region, geometry: Data([1])), Samples.finding(0, .tile, areaPixels: 9),
        Samples.finding(0, .scan, geometry: Data([1])), Samples.finding(0, .object, areaSquareMicrometres: 2),
    ])
    func whatBreaksAnInvariantIsRefused(finding: Finding) throws {
        let record = Samples.record("a", Samples.done([Samples.region(1), finding]), run: run)
        let error = try #require(throws: StoreError.self) { try store.record(record) }
        #expect(error.kind == .refused)
        #expect(try !store.doneAnalysisExists(scan: Samples.hash("a"), pipeline: Samples.hash("f")))
    }

    @Test func onlyAnAnalysisWithFindingsHasFindings() throws {
        let record = Samples.record("a", Samples.done([Samples.region(0)], status: .rejected), run: run)
        #expect(throws: StoreError.self) { try store.record(record) }
    }

    @Test func aRecordMustBeOfItsRunsPipeline() throws {
        let stranger = Samples.record("a", Samples.failed(), run: run, pipeline: Samples.hash("e"))
        #expect(throws: StoreError.self) { try store.record(stranger) }
        #expect(throws: StoreError.self) { try store.record(Samples.record("a", Samples.failed(), run: run + 1)) }
    }

    @Test func anUnchangedFileKeepsItsHash() throws {
        let stamp = FileStamp(
            device: .max, inode: 7, size: 1000, modifiedNanoseconds: .max, changedNanoseconds: -1)
        let touched = FileStamp(
            device: .max, inode: 7, size: 1000, modifiedNanoseconds: .max, changedNanoseconds: 0)
        #expect(try cachedHash(stamp) == nil)
        let sighting = Samples.sighting("P1/a.tif", stamp: stamp)
        try store.record(Samples.record("a", Samples.failed(), run: run, sightings: [sighting]))
        #expect(try cachedHash(stamp) == Samples.hash("a"))
        #expect(try cachedHash(touched) == nil)
        try store.rememberHash(Samples.hash("b"), of: touched)
        #expect(try cachedHash(touched) == Samples.hash("b"))
        #expect(try cachedHash(stamp) == nil)
    }

    /// A file that came after a scan that is gone may have its number.
    @Test func aFilesNumberAloneMakesItNoScan() throws {
        let stamp = FileStamp(device: 1, inode: 2, size: 3, modifiedNanoseconds: 4, changedNanoseconds: 5)
        let sighting = Samples.sighting("a.tif", stamp: stamp)
        try store.record(Samples.record("a", Samples.failed(), run: run, sightings: [sighting]))
        func isKnown(_ size: Int64, _ changed: Int64, _ place: String) throws -> Bool {
            let file = FileStamp(
                device: 1, inode: 2, size: size, modifiedNanoseconds: 4, changedNanoseconds: changed)
            return try store.isKnownFile(file, at: ScanPath(place))
        }
        #expect(try isKnown(3, 5, "/elsewhere/b.csv"))
        #expect(try isKnown(3, 99, "/elsewhere/hard-link.csv"))
        #expect(try isKnown(99, 5, "/scans/a.tif"))
        #expect(try !isKnown(99, 5, "/elsewhere/b.csv"))
    }

    @Test func onlyKnownScansAreSeenAgain() throws {
        let seen = (scan: Samples.hash("a"), sighting: Samples.sighting("P1/a.tif"))
        let error = try #require(throws: StoreError.self) { try store.recordSightings([seen], run: run) }
        #expect(error.kind == .refused)
        try store.record(Samples.record("a", Samples.done([]), run: run))
        try store.recordSightings([seen], run: run)
    }

    @Test func aRunIsFinishedOnce() throws {
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        #expect(throws: StoreError.self) {
            try store.finishRun(run + 1, ending: .completed, at: Samples.start, counts: Samples.counts)
        }
    }
}
