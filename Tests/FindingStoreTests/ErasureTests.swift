import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FindingStore

@Suite struct ErasureTests {
    let folder: TemporaryFolder
    static let patient = "CANARY-7731"

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open() throws -> FindingStore { try .openForWriting(at: folder.database) }

    private func fill(extra: (FindingStore, Int64) throws -> Void = { _, _ in }) throws {
        let store = try open()
        var description = Samples.run
        description = RunDescription(
            arguments: ["run", "/scans/\(Self.patient)", "--workers", "2"], host: description.host,
            programVersion: description.programVersion, startedAt: description.startedAt)
        let run = try store.beginRun(description, pipeline: Samples.pipeline())
        try store.record(
            Samples.record(
                "a", Samples.done([Samples.wholeScan(0), Samples.region(1, label: "CanaryLabel")]), run: run,
                sightings: [canary("slide-one.tif")]))
        try store.record(
            AnalysisRecord(
                run: run, pipeline: Samples.hash("f"),
                subject: .unopened(
                    canary("slide-two.tif"),
                    failure: AnalysisFailure(stage: .open, code: .inputOutput, message: "cannot be read")),
                startedAt: Samples.start, finishedAt: Samples.start))
        try store.record(
            Samples.record(
                "b", Samples.done([Samples.region(0)]), run: run,
                sightings: [Samples.sighting("P2/b.tif", patient: "P2")]))
        try extra(store, run)
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
    }

    private func canary(_ name: String) -> Sighting {
        Samples.sighting("\(Self.patient)/\(name)", patient: Self.patient)
    }

    /// Whether any file of the folder holds the text, in any of its pages.
    private func holds(_ text: String) throws -> Bool {
        try folder.contents.contains { name in
            try Data(contentsOf: URL(fileURLWithPath: folder[name])).range(of: Data(text.utf8)) != nil
        }
    }

    @Test func nothingOfThePatientIsLeftInAnyFile() throws {
        try fill()
        try Data("an older schema of \(Self.patient)".utf8)
            .write(to: URL(fileURLWithPath: folder.database + ".schema-1"))
        let traces = [Self.patient, "slide-one", "slide-two", "CanaryLabel", Samples.hash("a").hexadecimal]
        for trace in traces { #expect(try holds(trace), "\(trace)") }
        let store = try open()
        let erasure = try #require(try store.forget(patient: Self.patient))
        #expect(erasure.scans == 1 && erasure.analyses == 2 && erasure.findings == 2 && erasure.files == 2)
        #expect(erasure.keptScans == 0 && erasure.redactedRuns == 1 && erasure.removedBackups == 1)
        for trace in traces { #expect(try !holds(trace), "\(trace)") }
        #expect(try store.patients().map(\.id) == ["P2"])
        #expect(try store.findings().map(\.patient) == ["P2"])
        #expect(try store.runs().map(\.run.arguments) == [["run", "(erased)", "--workers", "2"]])
        try store.close()
        for trace in traces { #expect(try !holds(trace), "\(trace)") }
    }

    /// Folders may be named for the patient whom a manifest gives a number.
    @Test func foldersOnTheWayAreNamesToo() throws {
        let store = try open()
        let run = try store.beginRun(
            RunDescription(
                arguments: ["run", "/scans/Canary-Anna", "/scans/2026", "--ignore", "Canary-Anna/old/*"], host: "night",
                programVersion: "1", startedAt: Samples.start), pipeline: Samples.pipeline())
        let one = Sighting(
            folder: "/scans/Canary-Anna", path: "2026/a.tif", patient: Patient(id: "0815", source: .manifest))
        let other = Sighting(folder: "/scans/2026", path: "b.tif", patient: Patient(id: "4711", source: .manifest))
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run, sightings: [one]))
        try store.record(Samples.record("b", Samples.done([Samples.region(0)]), run: run, sightings: [other]))
        #expect(try store.forget(patient: "0815") != nil)
        #expect(
            try store.runs().map(\.run.arguments) == [["run", "(erased)", "/scans/2026", "--ignore", "(erased)"]])
        #expect(try !holds("Canary"))
    }

    @Test func everyTableHasARule() throws {
        try fill()
        #expect(try tables() == Set(ErasureRule.ofTables.keys))
    }

    /// With the only patient goes every row of every table whose rows are to go; the night fills each of them.
    @Test func noRowStaysThatIsToGo() throws {
        let stamp = FileStamp(device: 1, inode: 2, size: 3, modifiedNanoseconds: 4, changedNanoseconds: 5)
        let seen = Samples.sighting("P1/a.tif", patient: Self.patient, stamp: stamp)
        let store = try open()
        func night(_ pipeline: Character, _ body: (Int64) throws -> Void) throws {
            let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline(pipeline))
            try body(run)
            try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        }
        func record(_ scan: Character, _ outcome: AnalysisOutcome, _ pipeline: Character, _ run: Int64) throws {
            try store.record(
                AnalysisRecord(
                    run: run, pipeline: Samples.hash(pipeline),
                    subject: .scan(Samples.scan(scan), sightings: [seen], outcome: outcome),
                    outlines: RegionsOfInterest(included: [], excluded: []), startedAt: Samples.start,
                    finishedAt: Samples.start + 10))
        }
        for pipeline in ["f", "e"] as [Character] {
            try night(pipeline) { try record("a", .done(try Samples.everything()), pipeline, $0) }
        }
        try night("f") { run in
            try store.recordSightings([(scan: Samples.hash("a"), sighting: seen)], run: run)
            try record("b", Samples.failed(), "f", run)
            try store.accept([Samples.hash("b")], run: run)
            try store.recordLabel(["code"], of: Samples.hash("a"))
            try store.recordDepartures([1], run: run)
        }
        let gone = ErasureRule.ofTables.filter { $0.value != .namesGo && $0.value != .stays }.keys
        for table in gone { #expect(try rowCount(table) > 0, "the test leaves \(table) empty") }
        #expect(try store.forget(patient: Self.patient) != nil)
        for table in gone { #expect(try rowCount(table) == 0, "\(table)") }
        #expect(try store.verify().irregularities == [])
    }

    private func tables() throws -> Set<String> {
        try DatabaseQueue(path: folder.database).read { db in
            try Set(
                String.fetchAll(
                    db,
                    sql: """
                        SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
                        """))
        }
    }

    private func rowCount(_ table: String) throws -> Int {
        try DatabaseQueue(path: folder.database).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
    }

    @Test func theChainSaysSoAndVerifies() throws {
        try fill()
        let before = try FindingStore.openForReading(at: folder.database).verify()
        #expect(before.irregularities == [])
        let store = try open()
        #expect(try store.forget(patient: Self.patient) != nil)
        let after = try store.verify(earlierHead: before.head)
        #expect(after.irregularities == [])
        #expect(after.auditEntries > before.auditEntries)
    }

    @Test func whoIsThereAgainAfterwardsIsANewPatient() throws {
        try fill()
        let store = try open()
        #expect(try store.forget(patient: Self.patient) != nil)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(
            Samples.record("a", Samples.done([Samples.region(0)]), run: run, sightings: [canary("slide-one.tif")]))
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        #expect(try store.verify().irregularities == [])
        #expect(try store.findings(FindingFilter(patient: Self.patient)).count == 1)
    }

    @Test func whatEraseLeftUndoneIsDoneByTheSameCall() throws {
        try fill()
        let store = try open()
        #expect(try store.forget(patient: "P404") == nil)
        #expect(try store.forget(patient: Self.patient)?.files == 2)
        try Data("left behind".utf8).write(to: URL(fileURLWithPath: folder.database + ".schema-1.partial"))
        let again = try #require(try store.forget(patient: Self.patient))
        #expect(again.files == 0 && again.removedBackups == 1)
    }

    @Test func aScanOfTwoPatientsStaysWithTheOther() throws {
        try fill { store, run in
            try store.record(
                Samples.record(
                    "c", Samples.done([Samples.region(0)]), run: run,
                    sightings: [canary("shared.tif"), Samples.sighting("P2/shared.tif", patient: "P2")]))
        }
        let store = try open()
        #expect(try store.forget(patient: Self.patient)?.keptScans == 1)
        #expect(try store.findings(FindingFilter(scan: "cccccc")).map(\.patient) == ["P2"])
        #expect(try !holds(Self.patient))
        #expect(try store.verify().irregularities == [])
    }

    /// A scan was recorded under a wrong patient, then put right: the mistake must not come back.
    @Test func aCorrectedMistakeGoesWithTheScan() throws {
        try fill()
        let store = try open()
        let next = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        let corrected = Samples.sighting("P2/b.tif", patient: "P3")
        try store.recordSightings([(scan: Samples.hash("b"), sighting: corrected)], run: next)
        #expect(try store.forget(patient: "P3")?.scans == 1)
        #expect(try store.patients().map(\.id) == [Self.patient])
        #expect(try store.forget(patient: Self.patient)?.scans == 1)
        #expect(try store.scans().isEmpty)
    }

    @Test func aReaderWhoHoldsTheOldPagesIsSaid() throws {
        try fill()
        let store = try FindingStore.openForWriting(
            at: folder.database, patience: LockPatience(silentNaps: 2, naps: 5), schema: .current)
        let reader = try FindingStore.openForReading(at: folder.database)
        try reader.forEachAnalysis { row in
            guard row.patient == Self.patient, row.scanSHA256 != nil else { return }
            let error = #expect(throws: StoreError.self) { try store.forget(patient: Self.patient) }
            #expect(error?.kind == .busy)
        }
        try reader.close()
        #expect(try store.patients().map(\.id) == ["P2"])
        #expect(try store.forget(patient: Self.patient) != nil)
        #expect(try !holds(Self.patient))
    }
}
