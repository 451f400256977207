import Analysis
import ArgumentParser
import Findings
import Listings

/// The same analysis without workers and database: what `Benchmarks/isolation` holds a batch against.
struct AnalyseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyse", abstract: "Analyse scans in this process, and keep nothing (for measuring).",
        shouldDisplay: false)

    @Argument var scans: [String]
    @OptionGroup var pipeline: PipelineOptions
    @Option var tileThreads = 1

    func validate() throws {
        if tileThreads < 1 { throw ValidationError("--tile-threads must be at least 1.") }
    }

    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let pipeline = try Pipeline(directory: pipeline.folder(), engine: ProgramEngine.engine)
            let analyser = try ScanAnalyser(pipeline: pipeline, tileThreads: tileThreads)
            let outcomes = scans.map { AnalyseCommand.outcome(of: $0, by: analyser) }
            let results = outcomes.compactMap { if case .done(let result) = $0 { result } else { nil } }
            let seconds = (clock.now - start) / .seconds(1)
            let report = JSONValue.object([
                "analysed": .integer(results.count), "failed": .integer(outcomes.count - results.count),
                "findings": .integer(results.reduce(0) { $0 + $1.findings.count }), "seconds": .number(seconds),
            ])
            try StandardOutput.write(report.compact + "\n")
        } catch {
            throw CommandFailure(any: error)
        }
    }

    /// Hashed too, as in a batch.
    private static func outcome(of file: String, by analyser: ScanAnalyser) -> AnalysisOutcome {
        do throws(AnalysisFailure) {
            let scan = try OpenedScan(path: file)
            _ = try scan.hash()
            return analyser.analyse(scan, spacing: nil).outcome
        } catch {
            return .failed(error)
        }
    }
}
