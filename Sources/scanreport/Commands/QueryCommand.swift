import ArgumentParser
import FindingStore
import Findings

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "List the findings of a patient, or by another filter.",
        discussion: """
            The newest analysis of each scan counts. Beside the findings are listed the scans without any: those that \
            failed, were rejected or hold no tissue. So a patient who is not listed as analysed is not negative.

            CSV holds the findings; what has none is then told on standard error. JSON holds both.
            """)

    @OptionGroup var filter: FilterOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    @Flag(name: .long, help: "In CSV, leave texts as they are that a spreadsheet would run as formulas.")
    var rawText = false

    func validate() throws {
        if filter.isEmpty {
            throw ValidationError("Say what to look for, such as --patient ID. (`export` lists everything.)")
        }
    }

    func run() throws {
        do {
            let store = try FindingStore.openForReading(at: database.path)
            try filter.check(against: store)
            let findings = try store.findings(filter.filter)
            let analyses = try store.analyses(filter.filter)
            if findings.isEmpty && analyses.isEmpty, let scan = filter.scan {
                throw CommandFailure(.missing, "the database holds no such scan as \(scan.printable)")
            }
            try write(findings, analyses)
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private func write(_ findings: [FindingRow], _ analyses: [AnalysisRow]) throws(CommandFailure) {
        let silent = analyses.filter { $0.status != AnalysisResult.Status.findings.rawValue || $0.isReplaced }
        switch format.format {
        case .json:
            let document = JSONValue.object([
                "findings": .array(findings.map(\.json)), "analyses": .array(analyses.map(\.json)),
            ])
            try StandardOutput.write(document.indented + "\n")
        case .csv:
            try Listing.write(findings, format: .csv, rawText: rawText)
            for analysis in silent { StandardError.write("scanreport: \(analysis.sentence)\n") }
        case .table:
            if findings.isEmpty {
                try StandardOutput.write("No findings match, of \(count(analyses.count, "analysed scan")).\n")
            } else {
                try StandardOutput.write(TextTable(findings).text)
            }
            if !silent.isEmpty {
                try StandardOutput.write("\nNot to be read as negative:\n" + TextTable(silent).text)
            }
        }
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension AnalysisRow {
    /// For a line on standard error.
    fileprivate var sentence: String {
        let details = explanation.map { ": \($0)" } ?? ""
        return "scan \(scan.printable): \(status)\(details)"
    }
}
