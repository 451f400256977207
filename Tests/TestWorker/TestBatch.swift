import Batch
import FindingStore
import Findings
import FoundationEssentials
import Logging

/// A batch in a process of its own, to be killed: `TestWorker batch SCANS DATABASE`, with this program as its worker.
enum TestBatch {
    static func run(scans: String, database: String) async throws -> Int32 {
        let pipeline = PipelineIdentity(
            name: "words", sha256: TestWorker.pipeline, definition: "words: all", models: [],
            engine: EngineIdentity(version: "none", precision: "none", instructionSet: "none"))
        let store = try FindingStore.openForWriting(at: database)
        let plan = try BatchPlanner(assignment: PatientAssignment(), store: store, pipeline: pipeline.sha256)
            .plan(ScanDiscovery([scans]))
        let settings = BatchSettings(
            description: RunDescription(arguments: [], host: "test", programVersion: "0", startedAt: Date()),
            pipeline: pipeline, command: .thisProgram(pipelineDirectory: scans), cores: 2)
        let signals = TerminationSignals()
        return try await BatchRun(plan: plan, settings: settings, store: store, logger: Logger(label: "test"))
            .run(stopRequests: signals.requests) { _ in }.exitStatus
    }
}
