import FindingStore
import Findings
import Foundation
import GRDB
import Testing

@testable import Batch

/// A night's batch in a process of its own.
struct BatchProcess {
    private let process = Process()
    private let output: URL

    var identifier: pid_t { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// - Parameters:
    ///   - environment: beside what this process has.
    ///   - stage: a folder that scans are copied to.
    init(_ night: Night, environment: [String: String] = [:], stage: String? = nil) throws {
        // A file, not a pipe: what was written stays, whatever becomes of the process.
        output = URL(fileURLWithPath: night.folder[".output-\(UUID().uuidString)"])
        try Data().write(to: output)
        process.executableURL = URL(fileURLWithPath: Night.testWorker().executable)
        process.arguments = ["batch", night.scans, night.database] + [stage].compactMap(\.self)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits for the end.
    ///
    /// - Returns: the exit code; nil for a process that was killed.
    @discardableResult
    func wait() -> Int32? {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    func kill(_ signal: Int32 = SIGKILL) {
        Glibc.kill(identifier, signal)
    }

    /// What it said, line by line.
    var lines: [String] {
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// The first digits of the hashes of the scans that it said were in the database.
    var acknowledged: [String] { lines.filter { $0.hasPrefix("done ") }.map { String($0.dropFirst(5)) } }
}

extension Night {
    /// Findings with their identities, scans and patients: all that does not depend on when they were made.
    func findings() throws -> [String] {
        try FindingStore.openForReading(at: database).findings().map {
            "\($0.id) \($0.patient) \($0.scan) \($0.finding)"
        }
    }

    /// Holds the database to its own invariants: pages, references, one result a scan, no scan without its findings.
    func expectSoundDatabase(acknowledged: [String] = [], _ comment: String = "") throws {
        let database = try DatabaseQueue(path: database)
        try database.read { db in
            #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"], "\(comment)")
            #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty, "\(comment)")
            guard try db.tableExists("analyses") else {
                #expect(acknowledged.isEmpty, "\(comment)")
                return
            }
            let torn = """
                SELECT count(*) FROM analyses a WHERE status = 'findings'
                    AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.analysis_id = a.id)
                """
            #expect(try Int.fetchOne(db, sql: torn) == 0, "\(comment)")
            let done = try String.fetchAll(
                db, sql: "SELECT s.sha256 FROM analyses a JOIN scans s ON s.id = a.scan_id WHERE a.state = 'done'")
            #expect(Set(done).count == done.count, "\(comment)")
            let prefixes = done.map { hash in acknowledged.first { hash.hasPrefix($0) } }
            #expect(Set(acknowledged).isSubset(of: prefixes.compactMap(\.self)), "\(comment)")
        }
    }
}

/// A count from the environment, for those who want a longer test.
func count(_ name: String, otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
}
