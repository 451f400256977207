import FindingStore
import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Batch

/// What others do to the database while a run writes it.
@Suite struct BatchDatabaseTests {
    let night: Night

    init() throws {
        night = try Night()
        for number in 0..<6 { try night.scan("P1/\(number).tif", "slow 200 \(number)") }
    }

    @Test(arguments: ["deleted", "moved", "replaced"])
    func claimsNothingOfADatabaseThatIsGone(what: String) async throws {
        let batch = try BatchProcess(night)
        while batch.isRunning, batch.acknowledged.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let known = batch.acknowledged.count
        switch what {
        case "deleted": unlink(night.database)
        case "moved": rename(night.database, night.database + ".moved")
        default:
            try Data().write(to: URL(fileURLWithPath: night.database + ".other"))
            rename(night.database + ".other", night.database)
        }
        #expect(batch.wait() == EX_IOERR)
        #expect(batch.lines.last?.contains("was deleted, moved or replaced") == true, "\(batch.lines)")
        // One may have been told of in between.
        #expect(batch.acknowledged.count <= known + 2)
    }

    @Test func waitsForSomebodyWhoLocksTheDatabaseForAMoment() async throws {
        _ = try await night.openStore()
        let other = try DatabaseQueue(path: night.database)
        async let summary = night.run()
        for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(150))
            try await other.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA busy_timeout = 10000")
                try db.execute(sql: "BEGIN IMMEDIATE")
                usleep(400_000)
                try db.execute(sql: "COMMIT")
            }
        }
        #expect(try await summary.exitStatus == 0)
        #expect(try night.analyses().count == 6)
    }
}

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
