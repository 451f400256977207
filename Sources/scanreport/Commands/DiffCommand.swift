import ArgumentParser
import Evaluation
import FindingStore
import Findings
import Listings

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "List what changed between two runs.",
        discussion: """
            Compares what the database said of each scan when the two runs had ended, each by its run's pipeline: \
            findings gained, lost, relabelled, or shifted in confidence, and scans whose analysis ended otherwise. \
            Regions are the same where they share at least half of their pixels. Made for an upgrade of a model or of \
            the system: `run` before it, `run` after it, `diff`.

            Ends with 1 where something changed.
            """)

    @Argument(help: ArgumentHelp("The earlier run, by its number in `runs`.", valueName: "run"))
    var earlier: Int64

    @Argument(help: ArgumentHelp("The later run.", valueName: "run"))
    var later: Int64

    @Option(
        name: .long,
        help: ArgumentHelp("A confidence that differs by less is the same; 0 asks for equality.", valueName: "p"))
    var minShift = 0.01

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
        if !(0...1).contains(minShift) { throw ValidationError("--min-shift must be from 0 to 1.") }
    }

    func run() throws {
        let comparison: RunComparison
        do {
            comparison = try compare(FindingStore.openForReading(at: database.path))
        } catch let error as EvaluationError {
            throw CommandFailure(.unusable, "\(error)")
        } catch {
            throw CommandFailure(any: error)
        }
        switch format.format {
        case .table:
            let table = comparison.rows.isEmpty ? "" : TextTable(comparison.rows).text + "\n"
            try StandardOutput.write(table + comparison.text)
        case .csv:
            try Listing.write(comparison.rows, format: .csv)
            StandardError.write(comparison.text)
        case .json:
            let document: JSONValue = .object([
                "changes": .array(comparison.rows.map(\.json)), "summary": comparison.summary,
            ])
            try StandardOutput.write(document.indented + "\n")
        }
        if !comparison.rows.isEmpty { throw ExitCode(ExitStatus.attention.rawValue) }
    }

    private struct Key: Hashable {
        let patient: String
        let scan: ContentHash
    }

    private func compare(_ store: FindingStore) throws -> RunComparison {
        for run in [earlier, later] where try !store.exists(run: run) {
            throw CommandFailure(.missing, "the database holds no run \(run)")
        }
        let before = try store.standingAnalyses(asOf: earlier)
        let after = Dictionary(
            try store.standingAnalyses(asOf: later).map { (Key(patient: $0.patient, scan: $0.scanSHA256), $0) },
            uniquingKeysWith: { first, _ in first })
        var comparison = RunComparison(minimumShift: minShift)
        for analysis in before {
            guard let other = after[Key(patient: analysis.patient, scan: analysis.scanSHA256)] else {
                comparison.onlyBefore += 1
                continue
            }
            if other.analysisID == analysis.analysisID {
                comparison.addUnchanged()
                continue
            }
            try comparison.add(
                patient: analysis.patient, scan: analysis.path, scanSHA256: analysis.scanSHA256,
                before: (analysis.status, try store.findings(ofAnalysis: analysis.analysisID)),
                after: (other.status, try store.findings(ofAnalysis: other.analysisID)))
        }
        comparison.onlyAfter = after.count - comparison.comparedScans
        return comparison
    }
}
