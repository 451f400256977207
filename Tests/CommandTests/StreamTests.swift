import Foundation
import TestSupport
import Testing

/// The exit code says what happened, whoever reads what the program writes.
@Suite struct StreamTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("scans/P1/a.tif", "no image at all")
    }

    /// - Parameter script: for bash; `$SCANREPORT` is the program.
    private func bash(_ script: String) throws -> String {
        let process = Process()
        let output = folder.url.appending(path: ".script-output")
        try Data().write(to: output)
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging([
            "SCANREPORT": Scanreport.executable.path,
            "SCANREPORT_PIPELINES": Repository.path("Pipelines"),
        ]) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        return try String(contentsOf: output, encoding: .utf8)
    }

    @Test(arguments: ["| true", "> /dev/full", ">&- 2>&- <&-", "2> /dev/full | true"])
    func aRunThatFailedEndsWith1AndWritesItsSummary(streams: String) throws {
        let run = "$SCANREPORT run scans --summary summary.json \(streams)"
        #expect(try bash("\(run); echo ${PIPESTATUS[0]}") == "1\n")
        let summary = try String(contentsOfFile: folder["summary.json"], encoding: .utf8)
        #expect(summary.contains("\"failed\": 1"))
        #expect(try bash("$SCANREPORT verify --format json > report; echo $?") == "0\n")
    }

    @Test(arguments: ["| true", "> /dev/full", ">&-"])
    func aCheckThatFoundSomethingEndsWith1(streams: String) throws {
        _ = try bash("$SCANREPORT run scans > run")
        _ = try bash("echo more >> scans/P1/a.tif")
        #expect(try bash("$SCANREPORT verify \(streams); echo ${PIPESTATUS[0]}") == "1\n")
    }

    @Test func aPipeThatNobodyEmptiesDoesNotStopARun() throws {
        let status = try bash(
            """
            mkfifo pipe; exec 3<>pipe; head -c 65536 /dev/zero >&3
            timeout 120 $SCANREPORT run scans --log-level trace 2>&3 >&3; echo $?
            """)
        #expect(status == "1\n")
    }

    @Test func aHangupLetsARunFinishWhatItHasInHand() throws {
        try folder.copy("Fixtures/scans/DEMO0005", to: "scans/DEMO0005")
        let run = try StartedScanreport(["run", "scans", "--workers", "1", "--log-level", "info"], in: folder)
        while run.isRunning, !run.errors.contains("run began") { usleep(2000) }
        run.signal(SIGHUP)
        #expect(try run.end().status == 1)
        let runs = try Scanreport(["runs", "--format", "csv"], in: folder).output
        #expect(runs.contains(",interrupted,") || runs.contains(",completed,"), "\(runs)")
    }
}
