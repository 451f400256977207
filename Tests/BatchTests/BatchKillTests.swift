import FindingStore
import Findings
import Foundation
import Testing

@testable import Batch

/// `SCANREPORT_KILLS` sets how often a batch is killed.
struct BatchKillTests {
    private let kills = ProcessInfo.processInfo.environment["SCANREPORT_KILLS"].flatMap { Int($0) } ?? 10

    private func start(_ night: Night) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Night.testWorker().executable)
        process.arguments = ["batch", night.scans, night.database]
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func findings(_ night: Night) throws -> [FindingRow] {
        try FindingStore.openForReading(at: night.database).findings()
    }

    /// Workers whose pipeline is the night's folder of scans.
    private func workers(of night: Night) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
            let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") ?? Data()
            let arguments = String(decoding: line, as: UTF8.self).split(separator: "\0")
            return arguments.contains("--pipeline") && arguments.contains(Substring(night.scans))
        }
    }

    @Test func losesNothingHoweverOftenItIsKilled() async throws {
        let (killed, spared) = (try Night(), try Night())
        for number in 0..<40 {
            for night in [killed, spared] { try night.scan("P\(number % 5)/\(number).tif", "slow 20 \(number)") }
        }
        for _ in 0..<kills {
            let batch = try start(killed)
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...400)))
            kill(batch.processIdentifier, SIGKILL)
            batch.waitUntilExit()
        }
        try await Task.sleep(for: .milliseconds(200))
        #expect(try workers(of: killed).isEmpty)
        let last = try start(killed)
        last.waitUntilExit()
        #expect(last.terminationStatus == 0)
        let whole = try start(spared)
        whole.waitUntilExit()
        #expect(whole.terminationStatus == 0)
        let (found, expected) = (try findings(killed), try findings(spared))
        #expect(found.count == 40)
        #expect(found.map(\.id) == expected.map(\.id))
        #expect(found.map(\.finding) == expected.map(\.finding))
        #expect(found.map(\.scan) == expected.map(\.scan))
    }

    @Test func finishesItsScansAtSIGTERM() async throws {
        let night = try Night()
        for number in 0..<200 { try night.scan("P1/\(number).tif", "slow 200 \(number)") }
        let batch = try start(night)
        while batch.isRunning, (try? findings(night))?.isEmpty ?? true { try await Task.sleep(for: .milliseconds(20)) }
        kill(batch.processIdentifier, SIGTERM)
        batch.waitUntilExit()
        #expect(batch.terminationReason == .exit)
        #expect(batch.terminationStatus == 1)
        let run = try #require(try FindingStore.openForReading(at: night.database).runs().first)
        #expect(run.end?.ending == .interrupted)
        #expect(run.end?.counts.failed == 0)
        #expect(run.end?.counts.done == (try findings(night).count))
    }
}
