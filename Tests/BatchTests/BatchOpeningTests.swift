import Findings
import Foundation
import Testing

@testable import Batch

/// What is opened, and what is made of a file that does not stay what it was.
@Suite struct BatchOpeningTests {
    let night: Night

    init() throws {
        night = try Night()
        try night.scan("P1/a.tif", "findings 1")
        try night.folder.write("outside/a.tif", "findings 9")
    }

    @Test(arguments: ["scans/P1", "scans/P1/a.tif"])
    func followsNoLinkThatCameAfterTheScanWasFound(place: String) async throws {
        let summary = try await night.run(afterPlanning: {
            try FileManager.default.removeItem(atPath: night.folder[place])
            try night.folder.link(place, to: night.folder["outside" + place.dropFirst("scans/P1".count)])
        })
        #expect(summary.failures == [.init(stage: .open, code: .inputOutput, count: 1)])
        #expect(try night.findings().isEmpty)
    }

    @Test(arguments: ["pipe", "/dev/zero", "/dev/null"])
    func takesOnlyFilesForScans(input: String) async throws {
        #expect(mkfifo(night.folder["pipe"], 0o600) == 0)
        let summary = try await night.run(inputs: [input.hasPrefix("/") ? input : night.folder[input]])
        #expect(summary.failed == 1)
        #expect(summary.failures.map(\.stage) == [.open])
    }

    @Test func opensAScanThatIsGivenByItself() async throws {
        let summary = try await night.run(inputs: ["\(night.scans)/P1/a.tif"])
        #expect(summary.findings == 1)
    }

    /// Whatever the worker makes of bytes that change under it.
    @Test func leavesAFileThatIsStillBeingWrittenForTheNextNight() async throws {
        try night.scan("P1/b.tif", "malformed-once-changed")
        let writer = Task {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(night.scans)/P1/b.tif"))
            while !Task.isCancelled {
                try file.seekToEnd()
                try file.write(contentsOf: Data(" ".utf8))
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let summary = try await night.run()
        writer.cancel()
        _ = await writer.result
        #expect(summary.failures == [.init(stage: .read, code: .changed, count: 1)])
        #expect(summary.warnings == ["1 file changed while it was read, and is left for the next run"])
        #expect(summary.analysed == 1)
        try night.scan("P1/b.tif", "findings 2")
        #expect(try await night.run().findings == 2)
        #expect(try night.analyses() == ["P1 P1/a.tif findings 1", "P1 P1/b.tif findings 2"])
    }
}
