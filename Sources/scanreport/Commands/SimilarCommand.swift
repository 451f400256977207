import ArgumentParser
import FindingStore
import Findings
import Listings

struct SimilarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "List what looks most like a finding or a scan.",
        discussion: """
            By the vectors that an embedding stage of a pipeline made: all of the same model are compared, exactly, by the \
            cosine of their angle (1: alike).
            """)

    @Option(name: .long, help: ArgumentHelp("Regions or tiles like this one: its finding_id.", valueName: "id"))
    var finding: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Scans like this one: its path as it is listed, or the first six or more digits of its hash.",
            valueName: "scan"))
    var scan: String?

    @Option(name: .long, help: ArgumentHelp("How many are listed.", valueName: "n"))
    var limit = 10

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
        guard (finding == nil) != (scan == nil) else {
            throw ValidationError("Give either --finding or --scan.")
        }
        if let finding, FindingID(hexadecimal: finding) == nil {
            throw ValidationError("--finding is 32 hexadecimal digits.")
        }
        if !(1...100_000).contains(limit) { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    func run() throws {
        let question: SimilarityQuestion
        if let id = finding.flatMap(FindingID.init(hexadecimal:)) {
            question = .finding(id)
        } else {
            question = .scan(scan ?? "")
        }
        guard let parts = try database.read({ try $0.similar(to: question, limit: limit) }) else {
            throw CommandFailure(
                .missing,
                "the database holds no vector of that \(finding == nil ? "scan" : "finding"): does the pipeline have a stage "
                    + "of the kind embedding?")
        }
        try Listing.write(parts, format: format.format)
    }
}
