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
