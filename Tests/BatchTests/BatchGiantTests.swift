import FindingStore
import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Batch

/// Files that are larger than what the disk holds of them.
@Suite struct BatchGiantTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    private func giant(_ path: String, _ words: String, size: Int) throws {
        try night.scan(path, words)
        #expect(truncate("\(night.scans)/\(path)", off_t(size)) == 0)
    }

    @Test func looksBeforeItHashes() async throws {
        try giant("P1/a.tif", "no scan at all", size: 1 << 40)
        let start = ContinuousClock.now
        let summary = try await night.run()
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(summary.failures == [.init(stage: .open, code: .unsupported, count: 1)])
    }

    /// By what is stored, and while a file is hashed too.
    @Test func limitsTheTimeOfAFileWithHoles() async throws {
        try giant("P1/a.tif", "II*\0", size: 1 << 40)
        let summary = try await night.run(timeout: ScanTimeout(fixed: .seconds(1)))
        #expect(summary.failures == [.init(stage: .worker, code: .timeout, count: 1)])
        #expect(ScanTimeout.scaled.duration(byteCount: 4096) < .seconds(301))
    }

    @Test func keepsToTheDeadlineWhileItHashes() async throws {
        try giant("P1/a.tif", "II*\0", size: 1 << 40)
        let start = ContinuousClock.now
        let summary = try await night.run(timeout: ScanTimeout(fixed: .seconds(60)), deadline: .seconds(1))
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(summary.ending == .deadline)
        #expect(summary.left == 1)
    }
}
