import Foundation
import TestSupport
import Testing

/// Shards of a night, merged, against the night in one run.
@Suite struct ShardedNightTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for patient in ["DEMO0005", "DEMO0008"] { try folder.copy("Fixtures/scans/\(patient)", to: "scans/\(patient)") }
        // The same scan of another patient, and one that is none.
        try folder.copy("Fixtures/scans/DEMO0005/DEMO0005-01.tif", to: "scans/DEMO0009/again.tif")
        try folder.write("scans/DEMO0009/broken.tif", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0])
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    /// Without run ids and moments.
    private func findings(_ database: String) throws -> [String] {
        let export = try scanreport("export", "--database", database)
        #expect(export.status == 0)
        return export.output.split(separator: "\n").map { line in
            String(line).replacing(/,[0-9]+,20[0-9-]+T[0-9:.]+Z,/, with: ",,")
        }
    }

    @Test func mergedShardsAreTheNight() throws {
        #expect(try scanreport("run", "scans", "--database", "one").status == 1)
        let statuses = try (1...2).map { number in
            try scanreport("run", "scans", "--shard", "\(number)/2", "--database", "shard\(number)").status
        }
        #expect(statuses.sorted() == [0, 1])
        let merge = try scanreport("merge", "all", "shard2", "shard1")
        #expect(merge.status == 1, "\(merge.errors)")
        #expect(merge.output.contains("2 databases: 2 merged, 0 merged before, 0 refused"), "\(merge.output)")
        #expect(merge.output.contains("1 scan was found under more than one patient"), "\(merge.output)")
        let expected = try findings("one")
        #expect(expected.count > 10)
        #expect(try findings("all") == expected)
        #expect(try scanreport("verify", "--database", "all").status == 0)
        let again = try scanreport("merge", "all", "shard1", "shard2", "--only-new")
        #expect(again.output.contains("0 merged, 2 merged before"), "\(again.output)")
    }

    /// What a shard may come as, by what is done to it; the exit code, and a part of the sentence.
    static let faults: [(command: String, status: Int32, sentence: String)] = [
        ("echo no database at all > shard2", 65, "shard2 is not an SQLite database"),
        ("truncate -s -4096 shard2", 65, "shard2"),
        ("truncate -s 4096 shard2", 65, "shard2"),
        ("truncate -s 100 shard2", 65, "shard2"),
        ("truncate -s 0 shard2", 65, "shard2 is empty"),
        ("rm shard2", 66, "shard2"),
        (#"tamper "PRAGMA application_id = 7""#, 65, "shard2 is a database of another program"),
        (#"tamper "PRAGMA user_version = 99""#, 65, "has schema 99"),
        (
            #"tamper "DROP TRIGGER findings_stay; UPDATE findings SET confidence = 0.5 WHERE ordinal = 1""#, 65,
            "shard2 is not what its audit chain vouches for"
        ),
        (
            #"tamper "UPDATE sightings SET last_run_id = 1, patient_source = 'manifest'""#, 65,
            "shard2 is not what its audit chain vouches for"
        ),
        (
            #"tamper "INSERT INTO patients (name) VALUES ('X'); PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'findings_stay'""#,
            65, "shard2 is not what its audit chain vouches for"
        ),
    ]

    @Test func aShardThatCannotBeUsedIsNamedAndStaysOut() throws {
        for number in 1...2 {
            #expect(
                try scanreport("run", "scans", "--shard", "\(number)/2", "--database", "whole\(number)").status <= 1)
            #expect(try scanreport("backup", "--database", "whole\(number)", "good\(number)").status == 0)
        }
        #expect(try scanreport("merge", "alone", "good1").status == 0)
        let alone = try findings("alone")
        for (command, status, sentence) in Self.faults {
            try shell("rm -f shard2* all*; cp good2 shard2; \(command)")
            let merge = try scanreport("merge", "all", "good1", "shard2")
            #expect(merge.status == status, "\(command): \(merge.errors)")
            #expect(merge.errors.contains(sentence), "\(command): \(merge.errors)")
            #expect(merge.output.contains("2 databases: 1 merged, 0 merged before, 1 refused"), "\(merge.output)")
            #expect(try findings("all") == alone, "\(command)")
            #expect(try runCount("all") == 1, "\(command)")
        }
    }

    private func runCount(_ database: String) throws -> Int {
        try scanreport("runs", "--database", database, "--format", "csv").output.split(separator: "\n").count - 1
    }

    private func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let tamper =
            "tamper() { python3 -c 'import sqlite3, sys; sqlite3.connect(\"shard2\").executescript(sys.argv[1])' \"$1\"; }"
        process.arguments = ["-c", "set -e; \(tamper); \(command)"]
        process.currentDirectoryURL = folder.url
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
    }

    @Test func aShardThatIsStillWrittenStaysOut() throws {
        let run = try StartedScanreport(
            ["run", "scans", "--shard", "1/2", "--database", "shard1", "--log-level", "info"], in: folder)
        while run.isRunning, !run.errors.contains("run began") { usleep(2000) }
        run.signal(SIGSTOP)
        let merge = try scanreport("merge", "all", "shard1")
        run.signal(SIGCONT)
        #expect(merge.status == 75)
        #expect(merge.errors.contains("shard1"), "\(merge.errors)")
        #expect(try runCount("all") == 0)
        #expect(try run.end().status <= 1)
        #expect(try scanreport("merge", "all", "shard1").status <= 1)
    }

    @Test func ofTwoMergesAtOnceOneEndsWith75() throws {
        for number in 1...2 {
            #expect(
                try scanreport("run", "scans", "--shard", "\(number)/2", "--database", "shard\(number)").status <= 1)
        }
        let first = try StartedScanreport(["merge", "all", "shard1", "shard2"], in: folder)
        while first.isRunning, try !isLocked("all") { usleep(200) }
        first.signal(SIGSTOP)
        // It may have been done before it was stopped.
        let isHeld = try isLocked("all")
        let second = try scanreport("merge", "all", "shard1", "shard2")
        first.signal(SIGCONT)
        // A scan of the fixtures lies under two patients.
        #expect(try first.end().status == 1)
        #expect(second.status == (isHeld ? 75 : 0), "\(second.errors)")
        if isHeld { #expect(second.errors.contains("another run is writing the database"), "\(second.errors)") }
        #expect(isHeld)
        #expect(try scanreport("run", "scans", "--database", "one").status == 1)
        #expect(try findings("all") == findings("one"))
    }

    /// As the kernel lists it: to try the lock would take it from who is about to.
    private func isLocked(_ database: String) throws -> Bool {
        var status = stat()
        guard stat(folder["\(database).lock"], &status) == 0 else { return false }
        let locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8)
        return locks.split(separator: "\n").contains { $0.contains("FLOCK") && $0.contains(":\(status.st_ino) ") }
    }
}
