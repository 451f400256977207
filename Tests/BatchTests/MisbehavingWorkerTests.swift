import Findings
import Foundation
import Logging
import Testing

@testable import Batch

/// What a scan may do to the worker that has it in hand, and what becomes of the others.
@Suite struct MisbehavingWorkerTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    @Test func triesAScanAgainWithAFreshWorker() async throws {
        let bomb = try night.folder.write("bomb", "")
        try night.scan("P1/a.tif", "crash-while \(bomb)")
        let summary = try await night.run(logger: Logger(label: "test") { _ in BombDisposal(bomb: bomb) })
        #expect(summary.analysed == 1)
        #expect(summary.retried == 1)
        #expect(summary.exitStatus == 0)
    }

    /// Takes away what makes a worker crash as soon as one has.
    private struct BombDisposal: LogHandler {
        let bomb: String
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning

        func log(event: LogEvent) {
            unlink(bomb)
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }

    @Test(.enabled(if: FileAccessRules.areAvailable), arguments: ["read", "list", "create", "delete", "execute"])
    func confinesWorkers(words: String) async throws {
        let secret = try night.folder.write("secret", "")
        let arguments = [
            "read": secret, "list": night.folder.path, "create": night.folder["new"], "delete": secret,
            "execute": "/bin/true",
        ]
        let argument = try #require(arguments[words])
        try night.scan("P1/a.tif", "\(words) \(argument)")
        #expect(try await night.run().withoutTissue == 1)
    }

    @Test(arguments: [
        ("crash", AnalysisFailure.Code.crashed), ("exit", .crashed), ("allocate", .outOfMemory),
        ("nonsense", .protocol), ("oversize", .protocol), ("half", .crashed), ("no-probability", .protocol),
    ])
    func losesOnlyTheScanThatTakesItsWorkerDown(words: String, code: AnalysisFailure.Code) async throws {
        try night.scan("P1/a.tif", "findings 2")
        try night.scan("P1/b.tif", words)
        try night.scan("P1/c.tif", "no-tissue")
        let summary = try await night.run(cores: 1, command: Night.testWorker(memoryLimit: 512 << 20))
        #expect(summary.failures == [.init(stage: .worker, code: code, count: 1)])
        #expect(summary.analysed == 2)
        #expect(
            try night.analyses() == [
                "P1 P1/a.tif findings 2", "P1 P1/b.tif worker/\(code.rawValue)", "P1 P1/c.tif no-tissue 0",
            ])
    }

    @Test(arguments: ["hang", "spin"])
    func endsAScanThatTakesTooLong(words: String) async throws {
        try night.scan("P1/a.tif", words)
        try night.scan("P1/b.tif", "no-tissue")
        let summary = try await night.run(cores: 1, timeout: ScanTimeout(fixed: .milliseconds(1500)))
        #expect(summary.failures == [.init(stage: .worker, code: .timeout, count: 1)])
        #expect(summary.withoutTissue == 1)
    }

    @Test func namesDegenerateOutput() async throws {
        try night.scan("P1/a.tif", "not-a-number")
        #expect(try await night.run().failures == [.init(stage: .measure, code: .degenerateOutput, count: 1)])
    }

    @Test func makesARowOfWhatTheStoreRefuses() async throws {
        try night.scan("P1/a.tif", "impossible")
        try night.scan("P1/b.tif", "no-tissue")
        let summary = try await night.run()
        #expect(summary.failures == [.init(stage: .record, code: .protocol, count: 1)])
        #expect(summary.withoutTissue == 1)
    }

    @Test func keepsWhatLibrariesPrintOutOfTheChannel() async throws {
        try night.scan("P1/a.tif", "print")
        #expect(try await night.run().withFindings == 1)
    }

    /// What a scan is, and what is done with it, is not the worker's to say.
    @Test(arguments: ["changed", "other-spacing"])
    func believesNoWorkerAboutTheScan(words: String) async throws {
        try night.scan("P1/a.tif", words)
        let summary = try await night.run()
        #expect(summary.failures == [.init(stage: .worker, code: .protocol, count: 1)])
        #expect(try night.analyses() == ["P1 P1/a.tif worker/protocol"])
    }

    @Test(arguments: ["fork", "chmod", "datagram", "path-socket", "shared-memory", "signal"])
    func leavesWorkersNoCallThatNoAnalysisNeeds(words: String) async throws {
        try night.scan("P1/a.tif", words)
        let summary = try await night.run()
        try #require(summary.confinement?.contains(.systemCalls) == true, "the kernel filters no system calls")
        #expect(summary.withoutTissue == 1)
    }

    @Test func saysWhoEndedAWorker() async throws {
        try night.scan("P1/a.tif", "kill")
        let summary = try await night.run()
        #expect(summary.failures == [.init(stage: .worker, code: .killed, count: 1)])
    }
}
