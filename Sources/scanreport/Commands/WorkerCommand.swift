import Analysis
import ArgumentParser
import Batch

/// What the batch starts: one process that analyses the scans it is asked for.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Analyse scans for a batch (started by `run`).", shouldDisplay: false)

    @Option var pipeline: String
    @Option var tileThreads: Int
    @Option var memoryLimit: Int64

    func validate() throws {
        guard tileThreads > 0, memoryLimit > 0 else {
            throw ValidationError("A worker needs at least one thread, and memory.")
        }
    }

    func run() throws {
        let options = WorkerOptions(
            pipelineDirectory: pipeline, tileThreads: tileThreads, memoryLimit: memoryLimit)
        throw ExitCode(
            WorkerService.run(options) { directory throws(PipelineError) in
                try Pipeline(directory: directory, engine: ProgramEngine.engine)
            })
    }
}
