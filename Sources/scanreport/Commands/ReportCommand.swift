import ArgumentParser
import Exports
import FindingStore
import Findings
import Reporting

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write pages to look at: the night, and every patient's scans with what was found in them.",
        discussion: """
            A folder of static pages, index.html first, for any browser: no network, no script. Without --run, --patient \
            or another filter it is of the newest run; of a night of several pipelines the first page names the other runs.

            The night: what failed and why, what has no result, quality with its outliers, and whether stain, focus, \
            confidence or grades have drifted from the weeks before. A patient: each scan's picture with outlines and \
            heat map, findings and where they come from. The scans themselves are not needed.

            No file name says who a patient is; the pages do, unless --pseudonymise replaces patients, paths and hashes by \
            keyed hashes. Like every export it is recorded in the database's audit chain first.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("The folder; pages of an earlier report in it are replaced.", valueName: "folder"))
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp("Replace what identifies patients, with the key in this file.", valueName: "keyfile"))
    var pseudonymise: String?

    @OptionGroup var filter: FilterOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        do {
            let pseudonyms = try pseudonymise.map { Pseudonyms(key: try PseudonymKey(path: $0)) }
            let before = try FindingStore.openForReading(at: database.path)
            try filter.check(against: before)
            try ProtectedPlaces(before).check(output, "--output")
            var wanted = filter.filter
            if filter.isEmpty {
                guard let newest = try before.runs().last else {
                    throw CommandFailure(.missing, "the database holds no run to report on")
                }
                wanted.run = newest.id
            }
            try FindingStore.openForWriting(at: database.path, briefly: true).recordExport(
                format: Report.name, filter: wanted, isPseudonymised: pseudonyms != nil)
            let store = try FindingStore.openForReading(at: database.path)
            try Report(folder: output).write(ExportQuestion(store, filter: wanted, pseudonyms: pseudonyms))
        } catch {
            throw CommandFailure(any: error)
        }
    }
}
