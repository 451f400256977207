import Findings
import Foundation
import Testing

@testable import Batch

/// A batch whose disk fails it, at any call that opens, writes, cuts, syncs, renames or removes a file of the database.
///
/// `SCANREPORT_FAULTS` sets at how many calls, spread evenly; 0 means at every one.
@Suite struct BatchFaultTests {
    private let faults = count("SCANREPORT_FAULTS", otherwise: 3)
    private let library: String
    /// Or not: which scan is done first varies, and the number of calls with it, so the last of them may not come.
    private let killed: [Int32?] = [nil, 1]
    private let spared: Night

    init() throws {
        spared = try BatchFaultTests.night()
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Faults/faults.c")
        library = spared.folder["faults.so"]
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-O1", "-o", library, source.path]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
    }

    private static func night() throws -> Night {
        let night = try Night()
        for number in 0..<5 { try night.scan("P\(number % 2)/\(number).tif", "findings \(number + 1)") }
        try night.scan("P1/malformed.tif", "malformed")
        return night
    }

    private func environment(_ night: Night, _ settings: [String: String]) -> [String: String] {
        ["LD_PRELOAD": library, "FAULT_PREFIX": night.database].merging(settings) { $1 }
    }

    /// The calls that an uninterrupted batch makes.
    private func callCount() throws -> Int {
        let file = spared.folder["calls"]
        let batch = try BatchProcess(spared, environment: environment(spared, ["FAULT_COUNT": file]))
        #expect(batch.wait() == 1)
        return try #require(Int(String(contentsOfFile: file, encoding: .utf8)))
    }

    private func calls() throws -> [Int] {
        let count = try callCount()
        #expect(count > 30)
        guard faults > 0, faults < count else { return Array(1...count) }
        return (0..<faults).map { 1 + $0 * count / faults + Int.random(in: 0..<count / faults) }
    }

    /// Whatever the fault: nothing is torn or lost, and the next night does the rest.
    private func expectRecovery(from settings: [String: String], at call: Int, ends: [Int32?]) throws {
        let night = try BatchFaultTests.night()
        let faulty = try BatchProcess(
            night, environment: environment(night, settings.merging(["FAULT_AT": "\(call)"]) { $1 }))
        let status = faulty.wait()
        let comment = "call \(call), \(settings): \(status.map(String.init) ?? "killed") \(faulty.lines)"
        #expect(ends.contains(status), "\(comment)")
        if FileManager.default.fileExists(atPath: night.database) {
            try night.expectSoundDatabase(acknowledged: faulty.acknowledged, comment)
        }
        #expect(try BatchProcess(night).wait() == 1, "\(comment)")
        try night.expectSoundDatabase(acknowledged: faulty.acknowledged, comment)
        #expect(try night.findings() == spared.findings(), "\(comment)")
    }

    @Test(arguments: [EIO, ENOSPC])
    func survivesACallThatFails(code: Int32) throws {
        for call in try calls() {
            try expectRecovery(
                from: ["FAULT_KIND": "error", "FAULT_ERRNO": "\(code)"], at: call, ends: [1, EX_IOERR])
        }
    }

    @Test func survivesADiskThatFailsFromThenOn() throws {
        for call in try calls() {
            try expectRecovery(
                from: ["FAULT_KIND": "error", "FAULT_ERRNO": "\(ENOSPC)", "FAULT_MORE": "1000000"], at: call,
                ends: [1, EX_IOERR])
        }
    }

    @Test func survivesBeingKilledAtACall() throws {
        for call in try calls() { try expectRecovery(from: ["FAULT_KIND": "kill"], at: call, ends: killed) }
    }

    /// What was not synced is lost, or is there in part.
    @Test(arguments: [0, 1, 2])
    func survivesAPowerCutAtACall(seed: Int) throws {
        for call in try calls() {
            let seed = seed == 0 ? 0 : Int.random(in: 1...1_000_000)
            try expectRecovery(from: ["FAULT_KIND": "power", "FAULT_SEED": "\(seed)"], at: call, ends: killed)
        }
    }

    @Test func survivesAClockThatIsSetBackADay() throws {
        #expect(try BatchProcess(spared).wait() == 1)
        for reading in [5, 20, 40] {
            let night = try BatchFaultTests.night()
            let batch = try BatchProcess(night, environment: environment(night, ["FAULT_CLOCK": "\(reading)"]))
            #expect(batch.wait() == 1)
            try night.expectSoundDatabase(acknowledged: batch.acknowledged)
            #expect(try night.findings() == spared.findings())
            #expect(try BatchProcess(night).wait() == 1)
            #expect(try night.findings() == spared.findings())
        }
    }
}
