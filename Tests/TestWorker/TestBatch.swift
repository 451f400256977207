import Batch
import FindingStore
import Findings
import FoundationEssentials
import Glibc
import Logging

/// A batch in a process of its own, to be killed and to be refused its disk: `TestWorker batch SCANS DATABASE [STAGE]`, with this
/// program as its worker. It says `done HASH` of each scan once it is in the database.
enum TestBatch {
    static func run(scans: String, database: String, stage: String?) async -> Int32 {
        do {
            return try await summary(scans: scans, database: database, stage: stage).exitStatus
        } catch {
            say("\(error)")
            let error = (error as? BatchError)?.kind
            return error == .workersUnavailable ? EX_SOFTWARE : EX_IOERR
        }
    }

    private static func summary(scans: String, database: String, stage: String?) async throws -> BatchSummary {
        let pipeline = PipelineIdentity(
            name: "words", sha256: TestWorker.pipeline, definition: "words: all", models: [],
            engine: EngineIdentity(version: "none", precision: "none", instructionSet: "none"))
        let store = try FindingStore.openForWriting(at: database)
        let plan = try BatchPlanner(assignment: PatientAssignment(), store: store, pipeline: pipeline.sha256)
            .plan(ScanDiscovery([scans]))
        let settings = BatchSettings(
            description: RunDescription(arguments: [], host: "test", programVersion: "0", startedAt: Date()),
            cores: 2, stage: try stage.map { try StageFolder($0, reserve: 0) })
        let part = BatchPart(plan: plan, pipeline: pipeline, command: .thisProgram(pipelineDirectory: scans))
        let signals = TerminationSignals()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try await BatchRun(parts: [part], settings: settings, store: store, logger: logger)
            .run(stopRequests: signals.requests) { event in
                if case .finished(let scan) = event, case .done = scan.verdict { say("done \(scan.hashPrefix ?? "")") }
            }[0]
    }

    /// Unbuffered: what was said before a kill must have been said.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
