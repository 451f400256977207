import Analysis
import Findings
import Foundation
import TestSupport
import Testing

@testable import Batch

/// The scan that is next is opened and hashed while the workers compute.
@Suite struct PreparationTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    @Test func oneScanAheadIsOpenAndNoMore() async throws {
        for number in 0..<6 { try night.scan("P1/\(number).tif", "slow 150 \(number)") }
        let (summary, most) = try await Night.mostOpenFiles(in: night.scans) { try await night.run(cores: 1) }
        #expect(summary.analysed == 6)
        #expect(most == 2)
    }

    @Test func whatIsPreparedIsNotReadAgain() async throws {
        let inHand = try await scanInHand("findings 1")
        inHand.prepare(within: .scaled) { false }
        let file = try #require(inHand.file)
        #expect(try file.sha256 == OpenedScan(path: night.folder["scans/P1/a.tif"]).hash())
        #expect(try inHand.identified(before: .now - .seconds(1), limit: .seconds(1)) { true } == file)
    }

    @Test func whatIsLetGoIsReadByWhoeverNeedsIt() async throws {
        let inHand = try await scanInHand("findings 1")
        inHand.prepare(within: .scaled) { true }
        #expect(inHand.file == nil)
        inHand.prepare(within: ScanTimeout(fixed: .zero)) { false }
        #expect(inHand.file == nil)
        #expect(try inHand.identified(before: .now + .seconds(9), limit: .seconds(9)) { false } != nil)
    }

    /// A file that changes between its hash and its turn is no scan of that hash.
    @Test func aFileThatChangesBeforeItsTurnIsLeftForTheNextRun() async throws {
        try night.scan("P1/0.tif", "slow 1500 0")
        try night.scan("P1/1.tif", "findings 1")
        let other = night.folder["scans/P1/1.tif"]
        let change = Task {
            while Night.openFiles(in: night.scans) < 2 { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(200))
            let file = try FileHandle(forWritingTo: URL(filePath: other))
            try file.write(contentsOf: Data("findings 2".utf8))
            try file.close()
        }
        let summary = try await night.run(cores: 1)
        try await change.value
        #expect(summary.failures == [.init(stage: .read, code: .changed, count: 1)])
        #expect(try await night.run().analysed == 1)
    }

    private func scanInHand(_ words: String) async throws -> ScanInHand {
        try night.scan("P1/a.tif", words)
        let plan = try night.plan(store: try await night.openStore())
        return ScanInHand(try #require(plan.scans.first))
    }
}
