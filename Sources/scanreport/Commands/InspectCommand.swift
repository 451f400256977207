import ArgumentParser
import FoundationEssentials
import Imaging
import Listings
import Slides

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what a scan is, and what the reader makes of it.",
        discussion: "Ends with 1 where the file, or one of its pages, cannot be read.")

    @Argument(help: ArgumentHelp("A scan.", valueName: "file"))
    var file: String

    @Flag(name: .long, help: "Decode every page, and give mean and standard deviation of its raw samples.")
    var statistics = false

    @OptionGroup var format: FormatOptions

    @OptionGroup(title: "Limits") var reading: ReadingOptions

    func run() throws {
        guard FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(.missing, "\(file): there is no such file")
        }
        let scan: any ScanFile
        do {
            scan = try ScanFormats.standard.open(path: file, limits: reading.limits)
        } catch {
            throw CommandFailure(.attention, "\(file): \(error)")
        }
        let pages = scan.pages(statistics: statistics)
        switch format.format {
        case .json:
            let document = JSONValue.object(
                ScanInspection(scan).members + [JSONValue.Member("pages", .array(pages.map(\.json)))])
            try StandardOutput.write(document.indented + "\n")
        case .csv: try Listing.write(pages, format: .csv)
        case .table:
            let table = TextTable(pages, omitsEmptyColumns: true)
            try StandardOutput.write(ScanInspection(scan).text + "\n" + table.text)
        }
        if pages.contains(where: { $0.error != nil }) { throw ExitCode(ExitStatus.attention.rawValue) }
    }
}
