import Analysis
import ArgumentParser
import Batch
import FindingStore

/// The pipelines of a night, and what each has to do.
extension RunCommand {
    struct Night {
        struct Part {
            let pipeline: Pipeline
            let folder: String
            let plan: BatchPlan
        }

        let parts: [Part]
        /// Nil for a dry run of no database.
        let store: FindingStore?
    }

    /// The pipelines that can be used: of several, what is wrong with one does not stop the others.
    func usable(_ refusals: inout [CommandFailure]) throws -> [(pipeline: Pipeline, folder: String)] {
        let names = pipelines.isEmpty ? [PipelineOptions.usual] : pipelines
        var usable: [(pipeline: Pipeline, folder: String)] = []
        for name in names {
            do {
                let folder = try PipelineOptions.folder(for: name)
                usable.append((try Pipeline(directory: folder, engine: ProgramEngine.engine), folder))
            } catch {
                try refuse(CommandFailure(any: error), &refusals)
            }
        }
        let called = usable.map(\.pipeline.definition.name)
        if let twice = called.first(where: { name in called.count { $0 == name } > 1 }) {
            throw CommandFailure(
                .wrongUsage, "two of the pipelines are called \(twice): run them in nights of their own")
        }
        guard !usable.isEmpty else { throw ExitCode(refusals[0].status.rawValue) }
        return usable
    }

    /// Where there is one pipeline, the end; else a line, and the exit code once the others are done.
    private func refuse(_ failure: CommandFailure, _ refusals: inout [CommandFailure]) throws {
        guard pipelines.count > 1 else { throw failure }
        refusals.append(failure)
        switch logging.logFormat {
        case .text: StandardError.write("scanreport: \(failure.message)\n")
        case .json:
            logging.logger.error("\(failure.message)", metadata: ["exit_status": "\(failure.status.rawValue)"])
        }
    }

    func plan(_ pipelines: [(pipeline: Pipeline, folder: String)]) throws(CommandFailure) -> Night {
        do {
            let discovery = try ScanDiscovery(inputs, follow: follow, ignoring: ignore)
            let assignment = try patients.assignment()
            let labels = try patients.labelPattern()
            let outlines = try roi.map { try OutlineFolder(path: $0) }
            let store = dryRun ? try existingStore() : try openStore()
            let parts = try pipelines.map { pipeline, folder in
                let planner = BatchPlanner(
                    assignment: assignment, store: store, pipeline: pipeline.identity.sha256,
                    retries: retryFailed ? .always : .standard, namesKnown: dryRun, labels: labels, outlines: outlines,
                    shard: shard)
                return Night.Part(pipeline: pipeline, folder: folder, plan: try planner.plan(discovery))
            }
            return Night(parts: parts, store: store)
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private func openStore() throws(StoreError) -> FindingStore {
        let logger = logging.logger
        let store = try FindingStore.openForWriting(at: database.path) { logger.warning("\($0)") }
        if let system = store.networkFileSystem {
            logger.warning(
                """
                the database lies on a network file system (\(system)), on which SQLite's locks may not hold: keep it on a \
                local disk, and share what `export --format sqlite` writes
                """)
        }
        return store
    }

    /// For a dry run, which must not create a database.
    private func existingStore() throws(StoreError) -> FindingStore? {
        do {
            return try FindingStore.openForReading(at: database.path)
        } catch  where error.kind == .missing {
            return nil
        }
    }

    func isVerified(_ pipeline: Pipeline, _ refusals: inout [CommandFailure]) throws -> Bool {
        do {
            try pipeline.verify()
            return true
        } catch {
            try refuse(CommandFailure(error), &refusals)
            return false
        }
    }
}
