import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FindingStore

@Suite struct MergeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Records a night into a database.
    func night(
        _ name: String, at start: Date = Samples.start, pipeline: Character = "f",
        _ body: (FindingStore, Int64) throws -> Void
    ) throws {
        let store = try FindingStore.openForWriting(at: folder[name])
        let description = RunDescription(
            arguments: ["run", name], host: "night", programVersion: "1.0.0", startedAt: start)
        let run = try store.beginRun(description, pipeline: Samples.pipeline(pipeline))
        try body(store, run)
        try store.finishRun(run, ending: .completed, at: start + 60, counts: Samples.counts, notices: ["1 link"])
        try store.close()
    }

    func record(
        _ scans: [Character], _ store: FindingStore, _ run: Int64, pipeline: Character = "f",
        confidence: Double = 0.75
    ) throws {
        for scan in scans {
            let outcome = Samples.done([Samples.wholeScan(0), Samples.region(1, confidence: confidence)])
            try store.record(Samples.record(scan, outcome, run: run, pipeline: Samples.hash(pipeline)))
        }
    }

    @discardableResult
    func merge(_ sources: [String], into name: String = "all", onlyNew: Bool = false) throws -> MergeReport {
        let store = try FindingStore.openForWriting(at: folder[name])
        let report = try store.merge(sources.map { folder[$0] }, onlyNew: onlyNew)
        try store.close()
        return report
    }

    /// What a query shows, without the numbers of runs and analyses.
    func shown(_ name: String) throws -> [String] {
        let store = try FindingStore.openForReading(at: folder[name])
        #expect(try store.verify().irregularities == [])
        let findings = try store.findings(includingGeometry: true).map { row in
            let (finding, measurements) = (row.finding, row.finding.measurements.sorted { $0.key < $1.key })
            return
                "\(row.patient) \(row.scan) \(row.id) \(finding.label) \(finding.confidence) \(finding.box) \(measurements)"
        }
        let analyses = try store.analyses().map { "\($0.patient) \($0.scan) \($0.outcome) \($0.isReplaced)" }
        return findings + analyses
    }

    func refusal(_ report: MergeReport) -> StoreError.Kind? {
        for case .refused(let error) in report.sources.map(\.outcome) { return error.kind }
        return nil
    }

    @Test func aMergedNightShowsWhatOneRunShows() throws {
        try night("one") { store, run in try record(["a", "b", "c", "d"], store, run) }
        try night("shard1") { store, run in try record(["a", "c"], store, run) }
        try night("shard2") { store, run in
            try record(["b", "d"], store, run)
        }
        let counts = try merge(["shard1", "shard2"]).counts
        #expect((counts.scans, counts.files, counts.analyses, counts.findings) == (4, 4, 4, 8))
        #expect(try shown("all") == shown("one"))
    }

    @Test func theOrderOfSourcesDoesNotMatter() throws {
        for (index, scans) in [["a", "b"], ["b", "c"], ["d"]].enumerated() {
            try night("shard\(index)", at: Samples.start + Double(index)) { store, run in
                try record(scans.map { Character($0) }, store, run)
            }
        }
        try merge(["shard0", "shard1", "shard2"], into: "one")
        try merge(["shard2", "shard1", "shard0"], into: "other")
        #expect(try shown("one") == shown("other"))
        let runs = try ["one", "other"].map { try FindingStore.openForReading(at: folder[$0]).runs() }
        #expect(runs[0] == runs[1])
        #expect(runs[0].map(\.run.arguments.last) == ["shard0", "shard1", "shard2"])
    }

    @Test(arguments: [false, true])
    func aMergeOfWhatWasMergedChangesNothing(onlyNew: Bool) throws {
        try night("shard") { store, run in try record(["a"], store, run) }
        try merge(["shard"])
        let head = try FindingStore.openForReading(at: folder["all"]).auditHead()
        let report = try merge(["shard", "shard"], onlyNew: onlyNew)
        guard case .known = report.sources[0].outcome else {
            Issue.record("\(report)")
            return
        }
        #expect(try FindingStore.openForReading(at: folder["all"]).auditHead() == head)
    }

    @Test func aShardThatGrewBringsWhatIsNew() throws {
        try night("shard") { store, run in try record(["a"], store, run) }
        try merge(["shard"])
        try night("shard", at: Samples.start + 86400) { store, run in
            try store.recordSightings([(Samples.hash("a"), Samples.sighting("P1/a.tif"))], run: run)
            try record(["b"], store, run)
        }
        let counts = try merge(["shard"]).counts
        #expect((counts.scans, counts.files, counts.analyses, counts.findings) == (1, 1, 1, 2))
        #expect(try shown("all") == shown("shard"))
        let scans = try FindingStore.openForReading(at: folder["all"]).scans()
        #expect(scans.map(\.firstRun) == [1, 2])
        #expect(scans.map(\.lastRun) == [2, 2])
    }

    /// The head of the source's chain is an entry of the merged one.
    @Test func theMergedChainHoldsTheHeadsOfTheSources() throws {
        try night("shard") { store, run in try record(["a"], store, run) }
        try merge(["shard"])
        let head = try FindingStore.openForReading(at: folder["shard"]).auditHead()
        let entries = try FindingStore.openForReading(at: folder["all"]).read { db in
            try String.fetchAll(db, sql: "SELECT json_extract(details, '$.head') FROM audit WHERE event = 'merge'")
        }
        #expect(entries == [head.hexadecimal])
    }

    /// Two names of the same bytes, in two shards: the first is shown, as in one run.
    @Test func theSameScanInTwoShardsIsOneScan() throws {
        func sightings(_ names: [String]) -> [Sighting] { names.map { Samples.sighting("P1/\($0).tif") } }
        func scan(_ names: [String], _ store: FindingStore, _ run: Int64) throws {
            let outcome = Samples.done([Samples.wholeScan(0)])
            try store.record(Samples.record("a", outcome, run: run, sightings: sightings(names)))
        }
        try night("one") { try scan(["first", "second"], $0, $1) }
        try night("shard1") { try scan(["first"], $0, $1) }
        try night("shard2", at: Samples.start + 1) { try scan(["second"], $0, $1) }
        let counts = try merge(["shard2", "shard1"]).counts
        #expect((counts.files, counts.analyses, counts.conflicts) == (2, 1, []))
        #expect(try shown("all") == shown("one"))
    }

    @Test func whatIsMergedTooLateDoesNotSupersede() throws {
        try night("new", at: Samples.start + 86400, pipeline: "e") { try record(["a"], $0, $1, pipeline: "e") }
        try night("old") { try record(["a"], $0, $1, confidence: 0.5) }
        try merge(["new"])
        #expect(try merge(["old"]).counts.outdated == 1)
        #expect(try shown("all") == shown("new"))
        try merge(["old", "new"], into: "together")
        #expect(try shown("together") == shown("new"))
    }

    private func forget(_ patient: String, in name: String) throws {
        #expect(try FindingStore.openForWriting(at: folder[name]).forget(patient: patient) != nil)
    }

    @Test func aPatientWhoWasErasedDoesNotComeBack() throws {
        try night("shard") { try record(["a"], $0, $1) }
        try merge(["shard"])
        try forget("P1", in: "all")
        try night("shard", at: Samples.start + 60) { try record(["b"], $0, $1) }
        #expect(try refusal(merge(["shard"])) == .unusable(.erasedPatients))
        #expect(try shown("all") == [])
        // Erased there too, and seen again later: whoever left the files there let the patient in.
        try forget("P1", in: "shard")
        #expect(try refusal(merge(["shard"])) == nil)
        try night("shard", at: Date() + 60) { try record(["c"], $0, $1) }
        #expect(try refusal(merge(["shard"])) == nil)
        #expect(try shown("all") == shown("shard"))
    }

    /// Whichever way the sources come, in one merge or in several.
    @Test(arguments: [[["erased"], ["old"]], [["erased", "old"]], [["old", "erased"]], [["between"], ["old"]]])
    func anErasureInASourceComesAlong(merges: [[String]]) throws {
        try night("old") { try record(["a"], $0, $1) }
        try FindingStore.openForReading(at: folder["old"]).backUp(to: folder["erased"])
        try forget("P1", in: "erased")
        try night("erased", at: Samples.start + 60) { store, run in
            let other = Samples.done([Samples.wholeScan(0)])
            try store.record(
                Samples.record("b", other, run: run, sightings: [Samples.sighting("P2/b.tif", patient: "P2")]))
        }
        // A merged database hands on what it took along.
        try merge(["erased"], into: "between")
        let reports = try merges.map { try merge($0) }
        let refused = reports.flatMap(\.sources).filter { source in
            if case .refused(let error) = source.outcome { error.kind == .unusable(.erasedPatients) } else { false }
        }
        #expect(refused.map(\.path) == [folder["old"]])
        #expect(try shown("all") == shown("erased"))
        // Seen again after the erasure, the patient was let in.
        try night("anew", at: Date() + 60) { try record(["a"], $0, $1) }
        #expect(try refusal(merge(["anew"])) == nil)
        #expect(try FindingStore.openForReading(at: folder["all"]).patients().map(\.id) == ["P1", "P2"])
    }

    /// What was merged before the erasure must be erased here too.
    @Test func aSourceFromWhichAPatientWasErasedWaitsForTheMergedDatabase() throws {
        try night("old") { try record(["a"], $0, $1) }
        try merge(["old"])
        try FindingStore.openForReading(at: folder["old"]).backUp(to: folder["erased"])
        try forget("P1", in: "erased")
        let report = try merge(["erased"])
        #expect(refusal(report) == .unusable(.erasedPatients))
        guard case .refused(let error) = report.sources[0].outcome else { return }
        #expect(error.description.contains("the merged database holds a patient that was erased from"))
        #expect(!error.description.contains("P1"))
        try forget("P1", in: "all")
        #expect(try refusal(merge(["erased"])) == nil)
        #expect(try refusal(merge(["old"])) == .unusable(.erasedPatients))
        #expect(try shown("all") == [])
    }

    @Test func everyTableIsMergedOrSaidNotToBe() throws {
        try night("shard") { try record(["a"], $0, $1) }
        let tables = try FindingStore.openForReading(at: folder["shard"]).read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
        }
        #expect(Set(tables) == Set(MergedRows.tables.keys))
    }

    @Test func everyRowComesAlong() throws {
        let stamp = FileStamp(device: 1, inode: 2, size: 3, modifiedNanoseconds: 4, changedNanoseconds: 5)
        let seen = Samples.sighting("P1/a.tif", stamp: stamp)
        func record(_ outcome: AnalysisOutcome, _ scan: Character, _ pipeline: Character) -> (FindingStore, Int64)
            throws -> Void
        {
            { store, run in
                try store.record(
                    AnalysisRecord(
                        run: run, pipeline: Samples.hash(pipeline),
                        subject: .scan(Samples.scan(scan), sightings: [seen], outcome: outcome),
                        outlines: RegionsOfInterest(included: [], excluded: []), startedAt: Samples.start,
                        finishedAt: Samples.start + 10))
            }
        }
        // Something before it, so that no number is the same in both.
        try night("before") { try self.record(["9"], $0, $1) }
        try night("shard") { try record(.done(Samples.everything()), "a", "f")($0, $1) }
        try night("shard", at: Samples.start + 100, pipeline: "e") {
            try record(.done(Samples.everything()), "a", "e")($0, $1)
        }
        try night("shard", at: Samples.start + 200) { store, run in
            try store.recordSightings([(scan: Samples.hash("a"), sighting: seen)], run: run)
            try record(Samples.failed(), "b", "f")(store, run)
            try store.accept([Samples.hash("b")], run: run)
            try store.recordLabel(["code"], of: Samples.hash("a"))
            try store.recordDepartures([1], run: run)
            let lost = AnalysisFailure(stage: .open, code: .inputOutput, message: "cannot be read")
            try store.record(
                AnalysisRecord(
                    run: run, pipeline: Samples.hash("f"),
                    subject: .unopened(Samples.sighting("P2/x.tif"), failure: lost),
                    startedAt: Samples.start, finishedAt: Samples.start))
        }
        try merge(["before"])
        let before = try rowCounts("all")
        try merge(["shard"])
        let (after, found) = (try rowCounts("all"), try rowCounts("shard"))
        // Both nights know the pipeline, its models and the patient.
        let shared = ["pipelines": 1, "models": 2, "pipeline_models": 2, "patients": 1]
        for (table, isMerged) in MergedRows.tables where isMerged {
            #expect(found[table, default: 0] > 0, "the test leaves \(table) empty")
            #expect(
                after[table, default: 0] - before[table, default: 0] == found[table, default: 0]
                    - shared[table, default: 0],
                "\(table)")
        }
        _ = try shown("all")
        #expect(try merge(["shard"]).counts.analyses == 0)
        #expect(try rowCounts("all") == after)
    }

    private func rowCounts(_ name: String) throws -> [String: Int] {
        try FindingStore.openForReading(at: folder[name]).read { db in
            try Dictionary(
                uniqueKeysWithValues: MergedRows.tables.filter(\.value).keys.map { table in
                    (table, try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0)
                })
        }
    }
}
