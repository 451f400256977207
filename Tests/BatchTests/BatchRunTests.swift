import FindingStore
import Findings
import Foundation
import GRDB
import Testing

@testable import Batch

@Suite struct BatchRunTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    @Test func recordsEveryEndOfAnAnalysis() async throws {
        try night.scan("P1/a.tif", "findings 3")
        try night.scan("P1/b.tif", "no-tissue")
        try night.scan("P2/c.tif", "rejected")
        try night.scan("P2/d.tif", "malformed")
        let summary = try await night.run()
        #expect(
            try night.analyses() == [
                "P1 P1/a.tif findings 3", "P1 P1/b.tif no-tissue 0", "P2 P2/c.tif rejected 0",
                "P2 P2/d.tif read/malformed",
            ])
        #expect(summary.found == 4)
        #expect(summary.analysed == 3)
        #expect(summary.findings == 3)
        #expect(summary.failures == [.init(stage: .read, code: .malformed, count: 1)])
        #expect(summary.left == 0)
        #expect(summary.exitStatus == 1)
        #expect(summary.ending == .completed)
    }

    @Test func readsNothingTheSecondNight() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try night.scan("P1/b.tif", "no-tissue")
        try await night.run()
        try night.scan("P1/c.tif", "rejected")
        let store = try await night.openStore()
        let plan = try night.plan(store: store)
        #expect(plan.scans.map(\.scan.path.text) == ["P1/c.tif"])
        #expect(plan.known.counts == [.done: 2])
        #expect(plan.known.recorded.count == 2)
        #expect(plan.known.named.isEmpty)
    }

    /// Whoever changes a stamp would have a file take another's findings.
    @Test func believesNoFileStampThatTheAuditChainDoesNotKnow() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try night.scan("P2/b.tif", "findings 2")
        try await night.run()
        try await DatabaseQueue(path: night.database).write { db in
            try db.execute(
                sql: """
                    UPDATE file_stamps SET sha256 = (
                        SELECT sha256 FROM scans s JOIN sightings v ON v.scan_id = s.id WHERE v.path = 'P1/a.tif')
                    """)
        }
        let verification = try FindingStore.openForReading(at: night.database).verify()
        #expect(verification.irregularities.count == 1)
        let summary = try await night.run()
        #expect(summary.forged == 1)
        #expect(summary.exitStatus == 1)
        #expect(summary.warnings.contains { $0.hasPrefix("1 file stamp was changed") })
        #expect(try night.analyses() == ["P1 P1/a.tif findings 1", "P2 P2/b.tif findings 2"])
        #expect(try await night.run().exitStatus == 0)
    }

    @Test func leavesBytesAloneThatAreDoneUnderAnotherName() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try await night.run()
        try night.scan("P2/renamed.tif", "findings 1")
        let copied = try await night.run()
        #expect((copied.skipped, copied.duplicates, copied.analysed) == (1, 1, 0))
        #expect(copied.exitStatus == 1)
        #expect(try night.analyses() == ["P1 P1/a.tif findings 1", "P2 P2/renamed.tif findings 1"])
        #expect(copied.notices.map(\.kind) == [.scanOfSeveralPatients])
        try FileManager.default.removeItem(atPath: "\(night.scans)/P1/a.tif")
        try FileManager.default.moveItem(
            atPath: "\(night.scans)/P2/renamed.tif", toPath: "\(night.scans)/P2/moved.tif")
        let moved = try await night.run()
        #expect((moved.skipped, moved.duplicates, moved.analysed) == (1, 0, 0))
    }

    @Test(arguments: [1, 2, 4])
    func analysesTheSameBytesOnce(cores: Int) async throws {
        for patient in 1...6 { try night.scan("P\(patient)/a.tif", "slow 50") }
        let summary = try await night.run(cores: cores)
        #expect(summary.analysed == 1)
        #expect(summary.duplicates == 5)
        #expect(summary.exitStatus == 1)
        #expect(try night.analyses() == (1...6).map { "P\($0) P\($0)/a.tif findings 1" })
    }

    @Test func analysesAgainWithAnotherPipeline() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try await night.run()
        let other = ContentHash(digest: [UInt8](repeating: 8, count: 32))
        let store = try await night.openStore()
        #expect(try night.plan(pipeline: other, store: store).scans.count == 1)
    }

    @Test func givesTheSameFindingsAtAnyNumberOfWorkers() async throws {
        let other = try Night()
        for number in 0..<30 {
            for night in [night, other] { try night.scan("P\(number % 7)/\(number).tif", "findings \(number)  ") }
        }
        try await night.run(cores: 1)
        try await other.run(cores: 4)
        func findings(_ night: Night) throws -> [FindingRow] {
            try FindingStore.openForReading(at: night.database).findings()
        }
        let (one, four) = (try findings(night), try findings(other))
        #expect(one.count == 435)
        #expect(one.map(\.id) == four.map(\.id))
        #expect(one.map(\.finding) == four.map(\.finding))
        #expect(one.map(\.scan) == four.map(\.scan))
    }

    @Test func givesUpAScanThatFailsNightAfterNight() async throws {
        try night.scan("P1/a.tif", "malformed")
        for _ in 1...3 { #expect(try await night.run().failed == 1) }
        let fourth = try await night.run()
        #expect(fourth.givenUp == 1)
        #expect(fourth.failed == 0)
        #expect(fourth.warnings.contains { $0.contains("given up") })
        #expect(fourth.exitStatus == 1)
        #expect(try await night.run(retries: .always).failed == 1)
    }

    @Test func isSilentOfGivenUpScansOnceAPersonAcceptsThem() async throws {
        try night.scan("P1/a.tif", "malformed")
        for _ in 1...3 { try await night.run() }
        let accepting = try await night.run(acceptsFailures: true)
        #expect((accepting.accepted, accepting.givenUp, accepting.exitStatus) == (1, 0, 0))
        let next = try await night.run()
        #expect((next.accepted, next.givenUp, next.exitStatus) == (1, 0, 0))
        #expect(try FindingStore.openForReading(at: night.database).verify().irregularities.isEmpty)
    }

    /// A busy machine is no damage.
    @Test func triesAScanThatTookTooLongForMoreNights() async throws {
        try night.scan("P1/a.tif", "kill")
        for _ in 1...4 { #expect(try await night.run().failed == 1) }
    }

    @Test func recordsAFileThatCannotBeOpened() async throws {
        try night.scan("P1/a.tif", "findings 1")
        let summary = try await night.run(afterPlanning: {
            try FileManager.default.removeItem(atPath: "\(night.scans)/P1/a.tif")
        })
        #expect(summary.failures == [.init(stage: .open, code: .inputOutput, count: 1)])
        #expect(try night.analyses() == ["P1 P1/a.tif open/input-output"])
    }

    @Test func recordsWhatCannotBeReached() async throws {
        try night.scan("P1/a.tif", "no-tissue")
        #expect(mkfifo("\(night.scans)/P1/b.tif", 0o600) == 0)
        let summary = try await night.run()
        #expect(summary.found == 2)
        #expect(summary.exitStatus == 1)
        #expect(summary.failures == [.init(stage: .open, code: .unsupported, count: 1)])
        #expect(summary.notices.map(\.kind) == [.unreachable])
        #expect(try night.analyses() == ["P1 P1/a.tif no-tissue 0", "P1 P1/b.tif open/unsupported"])
    }

    @Test func keepsNamesThatAreNotUTF8() async throws {
        try night.scan("P1/a.tif", "no-tissue")
        let folder = ScanPath(bytes: Array(night.scans.utf8) + Array("/M".utf8) + [0xFC] + Array("ller".utf8))
        #expect(folder.withCString { mkdir($0, 0o700) } == 0)
        let file = folder.appending("b.tif")
        let descriptor = file.withCString { open($0, O_CREAT | O_WRONLY, 0o600) }
        #expect(write(descriptor, "findings 1", 10) == 10)
        close(descriptor)
        #expect(try await night.run().exitStatus == 0)
        #expect(
            try night.analyses() == ["M\\xFCller M\\xFCller/b.tif findings 1", "P1 P1/a.tif no-tissue 0"])
        #expect(try await night.run().skipped == 2)
    }

    @Test func endsWhenNoWorkerStarts() async throws {
        try night.scan("P1/a.tif", "no-tissue")
        let error = await #expect(throws: BatchError.self) { try await night.run(command: Night.shell("exit 1")) }
        #expect(error?.kind == .workersUnavailable)
        let run = try #require(try FindingStore.openForReading(at: night.database).runs().first)
        #expect(run.end?.ending == .interrupted)
        #expect(run.end?.counts.left == 1)
        #expect(try night.analyses().isEmpty)
    }

    @Test func plansWithoutWriting() async throws {
        try night.scan("P1/a.tif", "no-tissue")
        try await night.run()
        try night.scan("P2/b.tif", "no-tissue")
        let plan = try night.plan(namesKnown: true, store: FindingStore.openForReading(at: night.database))
        let marks = [plan.known.named[0].scan, plan.scans[0]].map(\.scan.mark)
        #expect(
            plan.text(cores: 2).hasPrefix(
                """
                plan     patient  source  scan       MB  place
                -------  -------  ------  --------  ---  --------
                done     P1       folder  P1/a.tif  0.0  \(marks[0])
                analyse  P2       folder  P2/b.tif  0.0  \(marks[1])

                2 found: 1 to analyse (0.0 MB), 1 done before, 0 given up, 0 unreachable
                about 0.
                """))
        #expect(plan.text(cores: 2).hasSuffix(" s on 2 cores, going by the last analysis"))
    }

    @Test func givesFewScansMoreTileThreads() async throws {
        try night.scan("P1/a.tif", "no-tissue")
        try await night.run(cores: 6)
        let row = try #require(try FindingStore.openForReading(at: night.database).analyses().first)
        guard case .done(_, _, _, let quality) = row.outcome else { Issue.record("not done"); return }
        #expect(quality["tile_threads"] == 6)
    }
}
