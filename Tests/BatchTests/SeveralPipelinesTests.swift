import FindingStore
import Findings
import Foundation
import Logging
import Testing

@testable import Batch

@Suite struct SeveralPipelinesTests {
    @Test func workersThatDoNotStartEndTheirOwnPipelineOnly() async throws {
        let night = try Night()
        for number in 1...5 { try night.scan("P\(number)/a.tif", "findings 2 seed\(number)") }
        let store = try await night.openStore()
        let other = ContentHash(digest: [UInt8](repeating: 9, count: 32))
        let parts = try [(other, Night.shell("exit 1")), (Night.pipeline, Night.testWorker())].map { sha256, command in
            BatchPart(
                plan: try night.plan(pipeline: sha256, store: store),
                pipeline: PipelineIdentity(
                    name: sha256 == other ? "other" : "words", sha256: sha256, definition: "words: all", models: [],
                    engine: EngineIdentity(version: "none", precision: "none", instructionSet: "none")),
                command: command)
        }
        let settings = BatchSettings(
            description: RunDescription(arguments: ["run"], host: "test", programVersion: "0", startedAt: Date()),
            cores: 2, timeout: ScanTimeout(fixed: .seconds(20)))
        let summaries = try await BatchRun(
            parts: parts, settings: settings, store: store, logger: Logger(label: "test")
        ).run(stopRequests: AsyncStream { _ in }) { _ in }
        #expect(summaries.map(\.run) == [1, 2])
        #expect(summaries[0].failure?.kind == .workersUnavailable)
        #expect(summaries[0].ending == .interrupted && summaries[0].left == 5 && summaries[0].exitStatus == 1)
        #expect(summaries[1].failure == nil && summaries[1].ending == .completed)
        #expect(summaries[1].analysed + summaries[1].failed == 5 && summaries[1].left == 0)
    }
}
