import Analysis
import Findings
import Foundation
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Batch

/// The process that reads a label, played by a shell.
@Suite struct LabelReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("scans/P1/a.tif", "region A")
    }

    private func reader(_ script: String) -> LabelReader {
        LabelReader(executable: "/bin/sh", arguments: ["-c", script, "label"])
    }

    private func codes(
        _ script: String, requiresConfinement: Bool = false, unless isUnwanted: () -> Bool = { false }
    ) throws -> [String]? {
        let scan = try OpenedScan(path: folder["scans/P1/a.tif"])
        return reader(script).codes(of: scan, requiresConfinement: requiresConfinement, unless: isUnwanted)
    }

    @Test func hearsWhatTheLabelSays() throws {
        #expect(try codes(#"printf '["S1"]' >&2"#) == ["S1"])
        #expect(try codes(#"printf '["S1"]' >&2; exit 65"#) == nil)
        #expect(try codes("printf nothing >&2") == nil)
    }

    @Test func tellsTheProcessToInsistOnConfinement() throws {
        let script = #"printf '["%s"]' "$1" >&2"#
        #expect(try codes(script, requiresConfinement: true) == ["--require-confinement"])
        #expect(try codes(script) == [""])
    }

    @Test func endsAProcessThatNobodyWaitsFor() throws {
        let began = ContinuousClock.now
        #expect(try codes("sleep 60", unless: { ContinuousClock.now - began > .milliseconds(200) }) == nil)
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    /// A scan whose label is being read is none in hand: the next night has it.
    @Test func aStopDoesNotWaitForALabel() async throws {
        let file = folder["scans/P1/a.tif"]
        var status = stat()
        try #require(stat(file, &status) == 0)
        let scan = PlannedScan(
            number: 0,
            scan: DiscoveredScan(
                root: ScanPath(folder["scans"]), path: ScanPath("P1/a.tif"), stamp: FileStamp(status)),
            patients: [Patient(id: "P1", source: .folder)], spacing: nil, size: 8, needsLabel: true)
        let stop = StopFlag()
        let seat = WorkerSeat(
            number: 0,
            settings: WorkerSettings(
                command: Night.testWorker(), pipeline: Night.pipeline, labels: reader("sleep 60")),
            tileThreads: 1, stop: stop, logger: Logger(label: "test"))
        let began = ContinuousClock.now
        async let answer = seat.analyse(ScanInHand(scan)) { _, _ in .analyse }
        try await Task.sleep(for: .seconds(1))
        stop.raise()
        guard case .left = try await answer else { Issue.record("not left"); return }
        #expect(ContinuousClock.now - began < .seconds(30))
    }
}
