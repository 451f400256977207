import ArgumentParser
import Exports
import FindingStore
import Findings
import Listings

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
            try store.snapshot { try answer(store) }
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private func answer(_ store: FindingStore) throws {
        try filter.check(against: store)
        var analysed = 0
        var silent: [AnalysisRow] = []
        var remarked: [AnalysisRow] = []
        try store.forEachAnalysis(filter.filter) { analysis in
            analysed += 1
            if analysis.isSilent {
                silent.append(analysis)
            } else if analysis.explanation != nil {
                remarked.append(analysis)
            }
        }
        if analysed == 0, let scan = filter.scan {
            throw CommandFailure(.missing, "the database holds no such scan as \(scan.printable)")
        }
        switch format.format {
        case .json: try writeJSON(store)
        case .csv:
            try CSVExport(output: nil, protection: rawText ? .none : .formulas)
                .write(ExportQuestion(store, filter: filter.filter))
            for analysis in silent { StandardError.write("scanreport: \(analysis.sentence)\n") }
        case .table:
            let findings = try store.findings(filter.filter)
            let reviews = try store.reviews()
            let table =
                reviews.map { reviews in TextTable(findings.map { ReviewedFindingRow($0, reviews[$0.id]) }) }
                ?? TextTable(findings)
            try writeTable(table, analysed: analysed, silent, remarked)
        }
    }

    private func writeJSON(_ store: FindingStore) throws {
        var file = try OutputFile(nil)
        try file.write("{\"findings\": ")
        try file.writeArray { write in try ExportQuestion(store, filter: filter.filter).forEachJSON { try write($0) } }
        try file.write(",\n\"analyses\": ")
        try file.writeArray { write in try store.forEachAnalysis(filter.filter) { try write($0.json) } }
        try file.write("}\n")
        try file.finish()
    }

    private func writeTable(
        _ findings: TextTable, analysed: Int, _ silent: [AnalysisRow], _ remarked: [AnalysisRow]
    ) throws(CommandFailure) {
        if findings.isEmpty {
            try StandardOutput.write("No findings match, of \(count(analysed, "analysed scan")).\n")
        } else {
            try StandardOutput.write(findings.text)
        }
        if !remarked.isEmpty {
            try StandardOutput.write("\nTo know of these scans:\n" + TextTable(remarked).text)
        }
        if !silent.isEmpty {
            try StandardOutput.write("\nNot to be read as negative:\n" + TextTable(silent).text)
        }
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension AnalysisRow {
    /// Whether a list of findings says nothing of it, or nothing that is still true of the file.
    fileprivate var isSilent: Bool { status != AnalysisResult.Status.findings.rawValue || isReplaced }

    /// For a line on standard error.
    fileprivate var sentence: String {
        let details = explanation.map { ": \($0)" } ?? ""
        return "scan \(scan.printable): \(status)\(details)"
    }
}
