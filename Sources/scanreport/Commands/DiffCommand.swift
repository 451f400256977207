import ArgumentParser
import Evaluation
import FindingStore
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
        } catch {
            throw CommandFailure(any: error)
        }
        switch format.format {
        case .table:
            let table = comparison.rows.isEmpty ? "" : TextTable(comparison.rows).text + "\n"
            try StandardOutput.write(table + comparison.text, needsAttention: !comparison.rows.isEmpty)
        case .csv:
            try Listing.write(comparison.rows, format: .csv)
            StandardError.write(comparison.text)
        case .json:
            let document: JSONValue = .object([
                "changes": .array(comparison.rows.map(\.json)), "summary": comparison.summary,
            ])
            try StandardOutput.write(document.indented + "\n", needsAttention: !comparison.rows.isEmpty)
        }
        if !comparison.rows.isEmpty { throw ExitCode(ExitStatus.attention.rawValue) }
    }

    private func compare(_ store: FindingStore) throws -> RunComparison {
        try store.snapshot {
            for run in [earlier, later] where try !store.exists(run: run) {
                throw CommandFailure(.missing, "the database holds no run \(run)")
            }
            return try RunComparison(
                before: store.standingAnalyses(asOf: earlier), after: store.standingAnalyses(asOf: later),
                minimumShift: minShift, findings: { try store.findings(ofAnalysis: $0) })
        }
    }
}
