import FindingStore
import Findings
import Foundation
import Logging
import Synchronization
import TestSupport

@testable import Batch

/// A whole night in a temporary folder: real files, real worker processes, a real database.
final class Night: Sendable {
    let folder: TemporaryFolder
    let database: String

    /// What the test worker greets with.
    static let pipeline = ContentHash(digest: [UInt8](repeating: 7, count: 32))

    var scans: String { folder["scans"] }

    /// - Parameter databaseFolder: within the night's folder; made here.
    init(databaseFolder: String = "database") throws {
        folder = try TemporaryFolder()
        database = folder["\(databaseFolder)/night.sqlite"]
        try FileManager.default.createDirectory(atPath: folder[databaseFolder], withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder["scans"], withIntermediateDirectories: true)
    }

    /// Writes a scan whose words the test worker obeys.
    func scan(_ path: String, _ words: String) throws {
        try folder.write("scans/\(path)", words)
    }

    static func identity(_ sha256: ContentHash = pipeline) -> PipelineIdentity {
        PipelineIdentity(
            name: "words", sha256: sha256, definition: "words: all", models: [],
            engine: EngineIdentity(version: "none", precision: "none", instructionSet: "none"))
    }

    /// The worker that is built beside the tests.
    static func testWorker(memoryLimit: Int64 = 1 << 30) -> WorkerCommand {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return WorkerCommand(
            executable: program.deletingLastPathComponent().appendingPathComponent("TestWorker").path,
            leadingArguments: [], pipelineDirectory: "none", memoryLimit: memoryLimit)
    }

    /// A worker that does what a shell is told.
    static func shell(_ script: String) -> WorkerCommand {
        WorkerCommand(
            executable: "/bin/sh", leadingArguments: ["-c", script], pipelineDirectory: "none", memoryLimit: 1 << 30)
    }

    /// Opens the database. The run before has ended, but its last references may hold the lock a moment longer.
    func openStore() async throws -> FindingStore {
        for _ in 0..<100 {
            if let store = try? FindingStore.openForWriting(at: database) { return store }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try FindingStore.openForWriting(at: database)
    }

    func plan(
        manifest: Manifest? = nil, pipeline: ContentHash = pipeline, retries: RetryPolicy = .standard,
        inputs: [String]? = nil, namesKnown: Bool = false, outlines: OutlineFolder? = nil, store: FindingStore
    ) throws -> BatchPlan {
        let planner = BatchPlanner(
            assignment: PatientAssignment(manifest: manifest), store: store, pipeline: pipeline, retries: retries,
            namesKnown: namesKnown, outlines: outlines)
        return try planner.plan(ScanDiscovery(inputs ?? [scans]))
    }

    /// Plans and runs, once what was written last has settled: the stamp of a fresh file is not trusted.
    ///
    /// - Parameters:
    ///   - inputs: instead of the folder of scans.
    ///   - afterPlanning: what happens between the plan and the run.
    @discardableResult
    func run(
        cores: Int = 2, command: WorkerCommand = testWorker(), manifest: Manifest? = nil,
        pipeline: ContentHash = pipeline, retries: RetryPolicy = .standard,
        timeout: ScanTimeout = ScanTimeout(fixed: .seconds(20)), deadline: Duration? = nil,
        acceptsFailures: Bool = false, stopRequests: AsyncStream<StopRequest> = AsyncStream { _ in },
        logger: Logger = Logger(label: "test"),
        inputs: [String]? = nil, outlines: OutlineFolder? = nil, stage: StageFolder? = nil,
        report: @escaping @Sendable (BatchEvent) -> Void = { _ in },
        afterPlanning: () throws -> Void = {}
    ) async throws -> BatchSummary {
        try await Task.sleep(for: .milliseconds(150))
        let store = try await openStore()
        let settings = BatchSettings(
            description: RunDescription(arguments: ["run"], host: "test", programVersion: "0", startedAt: Date()),
            cores: cores, timeout: timeout, deadline: deadline, acceptsFailures: acceptsFailures,
            stage: stage)
        let plan = try plan(
            manifest: manifest, pipeline: pipeline, retries: retries, inputs: inputs, outlines: outlines, store: store)
        try afterPlanning()
        let part = BatchPart(plan: plan, pipeline: Night.identity(pipeline), command: command)
        return try await BatchRun(parts: [part], settings: settings, store: store, logger: logger)
            .run(stopRequests: stopRequests, report: report)[0]
    }

    /// How many files in a folder, without a name too, this process has open.
    static func openFiles(in folder: String) -> Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let targets = descriptors.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        return Set(targets.filter { $0.hasPrefix(folder + "/") }).count
    }

    /// The most that are open there at once while `body` runs.
    static func mostOpenFiles<Value>(in folder: String, while body: () async throws -> Value) async rethrows -> (
        Value, Int
    ) {
        let most = Mutex(0)
        let watch = Task {
            while !Task.isCancelled {
                let count = openFiles(in: folder)
                most.withLock { $0 = max($0, count) }
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
        defer { watch.cancel() }
        return (try await body(), most.withLock(\.self))
    }

    /// Every current analysis, one line each: patient, path, how it ended.
    func analyses() throws -> [String] {
        try FindingStore.openForReading(at: database).analyses().map { row in
            switch row.outcome {
            case .done(let status, let findings, _, _): "\(row.patient) \(row.scan) \(status.rawValue) \(findings)"
            case .failed(let failure): "\(row.patient) \(row.scan) \(failure.stage.rawValue)/\(failure.code.rawValue)"
            }
        }.sorted()
    }
}
