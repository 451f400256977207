import FindingStore
import Findings
import Foundation
import Testing

@testable import Batch

/// `SCANREPORT_KILLS` sets how often a batch or one of its workers is killed, `SCANREPORT_KILL_SCANS` of how many scans.
@Suite struct BatchKillTests {
    private let kills = count("SCANREPORT_KILLS", otherwise: 10)
    private let scans = count("SCANREPORT_KILL_SCANS", otherwise: 40)

    /// Workers whose pipeline is the night's folder of scans.
    private func workers(of night: Night) throws -> [pid_t] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
            let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") ?? Data()
            let arguments = String(decoding: line, as: UTF8.self).split(separator: "\0")
            let isOurs = arguments.contains("--pipeline") && arguments.contains(Substring(night.scans))
            return isOurs ? pid_t(entry) : nil
        }
    }

    @Test func losesNothingHoweverOftenItIsKilled() async throws {
        let (killed, spared) = (try Night(), try Night())
        for number in 0..<scans {
            for night in [killed, spared] { try night.scan("P\(number % 5)/\(number).tif", "slow 20 \(number)") }
        }
        var acknowledged: Set<String> = []
        var batch = try BatchProcess(killed)
        for kill in 0..<kills {
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...400)))
            // Every third kill is for a worker: its scan is tried again by another.
            if kill % 3 == 2, batch.isRunning, let worker = try workers(of: killed).randomElement() {
                Glibc.kill(worker, SIGKILL)
                continue
            }
            batch.kill()
            batch.wait()
            acknowledged.formUnion(batch.acknowledged)
            try killed.expectSoundDatabase(acknowledged: Array(acknowledged))
            batch = try BatchProcess(killed)
        }
        batch.wait()
        try await Task.sleep(for: .milliseconds(200))
        #expect(try workers(of: killed).isEmpty)
        #expect(try BatchProcess(killed).wait() == 0)
        #expect(try BatchProcess(spared).wait() == 0)
        try killed.expectSoundDatabase(acknowledged: Array(acknowledged))
        let found = try killed.findings()
        #expect(found.count == scans)
        #expect(found == (try spared.findings()))
    }

    @Test func finishesItsScansAtSIGTERM() async throws {
        let night = try Night()
        for number in 0..<200 { try night.scan("P1/\(number).tif", "slow 200 \(number)") }
        let batch = try BatchProcess(night)
        while batch.isRunning, batch.acknowledged.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        batch.kill(SIGTERM)
        #expect(batch.wait() == 1)
        let run = try #require(try FindingStore.openForReading(at: night.database).runs().first)
        #expect(run.end?.ending == .interrupted)
        #expect(run.end?.counts.failed == 0)
        #expect(run.end?.counts.done == (try night.findings().count))
    }
}
