import Analysis
import Findings
import Foundation
import TestSupport
import Testing

@testable import Batch

/// Scans that are copied before they are read.
@Suite struct StagingTests {
    let night: Night
    let folder: String

    init() throws {
        night = try Night()
        folder = night.folder["stage"]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func stage(reserve: Int64 = 0) throws -> StageFolder { try StageFolder(folder, reserve: reserve) }

    @Test func aStagedNightFindsTheSame() async throws {
        let other = try Night()
        for night in [night, other] {
            for number in 0..<6 { try night.scan("P\(number % 2)/\(number).tif", "findings \(number + 1)") }
            try night.scan("P1/crash.tif", "crash")
            try night.scan("P1/again.tif", "findings 1")
        }
        let summary = try await night.run(stage: try stage())
        #expect(summary.warnings == (try await other.run().warnings))
        #expect(try night.analyses() == other.analyses())
        #expect(try night.findings() == other.findings())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        // Known by the files themselves, not by their copies: nothing is read again.
        let again = try await night.run(stage: try stage()) { event in
            if case .finished(let scan) = event, case .done = scan.verdict { Issue.record("analysed again") }
        }
        #expect(again.skipped + again.duplicates == 7)
    }

    /// A file that is written over once it was copied is another scan, but not this one.
    @Test func whatIsHashedIsTheCopy() async throws {
        try night.scan("P1/a.tif", "findings 1")
        let scan = try #require(try await plannedScan())
        let before = try OpenedScan(path: night.folder["scans/P1/a.tif"])
        let (hash, stamp) = (try before.hash(), before.stamp)
        let staging = Staging(folder: try stage(), timeout: .scaled, stop: StopFlag())
        let inHand = ScanInHand(scan, staging: staging)
        inHand.prepare(within: .scaled) { false }
        let file = try FileHandle(forWritingTo: URL(filePath: night.folder["scans/P1/a.tif"]))
        try file.write(contentsOf: Data("findings 2".utf8))
        try file.close()
        try inHand.withOpened { (opened) throws(AnalysisFailure) in
            #expect(try opened.hash() == hash)
            #expect(opened.origin == stamp)
            #expect(opened.stamp != stamp)
        }
        #expect(inHand.shortcomingOfStage == nil)
    }

    private func plannedScan() async throws -> PlannedScan? {
        try night.plan(store: try await night.openStore()).scans.first
    }

    @Test func oneScanAheadIsCopiedAndNoMore() async throws {
        for number in 0..<8 { try night.scan("P1/\(number).tif", "slow 150 \(number)") }
        let (summary, most) = try await Night.mostOpenFiles(in: folder) {
            try await night.run(cores: 2, stage: try stage())
        }
        #expect(summary.analysed == 8)
        #expect(most == 3)
        #expect(Night.openFiles(in: folder) == 0)
    }

    @Test func whatFindsNoRoomIsReadWhereItLies() async throws {
        for number in 0..<3 { try night.scan("P1/\(number).tif", "findings \(number + 1)") }
        let summary = try await night.run(stage: try stage(reserve: .max))
        #expect(summary.warnings.contains("3 scans were read where they lie: the stage had no room for them"))
        #expect(summary.exitStatus == 0)
        #expect(try night.findings().count == 6)
    }

    @Test func aStopLetsGoOfWhatIsAhead() async throws {
        for number in 0..<6 { try night.scan("P1/\(number).tif", "slow 200 \(number)") }
        let (requests, ask) = AsyncStream.makeStream(of: StopRequest.self)
        let summary = try await night.run(cores: 1, stopRequests: requests, stage: try stage()) { event in
            if case .finished = event { ask.yield(.finishInHand) }
        }
        #expect(summary.ending == .interrupted)
        #expect(summary.left == 6 - summary.analysed)
        #expect(summary.left > 0)
        #expect(try await night.run(stage: try stage()).ending == .completed)
        #expect(try night.analyses().count == 6)
    }

    @Test func aKilledBatchLeavesNoCopy() async throws {
        let padding = String(repeating: " ", count: 1 << 19)
        for number in 0..<8 { try night.scan("P1/\(number).tif", "slow 100 \(number)\(padding)") }
        let batch = try BatchProcess(night, stage: folder)
        while batch.isRunning, batch.acknowledged.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        #expect(batch.isRunning)
        batch.kill()
        batch.wait()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        #expect(try BatchProcess(night, stage: folder).wait() == 0)
        #expect(try night.analyses().count == 8)
    }

    @Test(arguments: [("nowhere", BatchError.Kind.missingInput), ("/proc", .unusableStage)])
    func aFolderThatIsNoStageIsRefused(path: String, kind: BatchError.Kind) {
        let error = #expect(throws: BatchError.self) { try StageFolder(path) }
        #expect(error?.kind == kind)
    }
}
