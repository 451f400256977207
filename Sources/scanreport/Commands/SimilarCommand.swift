import ArgumentParser
import FindingStore
import Findings
import Listings

struct SimilarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "List what looks most like a finding or a scan, or scans that show the same tissue.",
        discussion: """
            By the vectors that an embedding stage of a pipeline made: all of the same model are compared, exactly, by the \
            cosine of their angle (1: alike).

            With --duplicates, by the small pictures of scans that the database keeps: scans of the same tissue, whoever \
            has them, also rescanned, turned, mirrored, cropped, or stained or compressed otherwise. Those of two patients \
            come first.
            """)

    @Option(name: .long, help: ArgumentHelp("Regions or tiles like this one: its finding_id.", valueName: "id"))
    var finding: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Scans like this one: its path as it is listed, or the first six or more digits of its hash.",
            valueName: "scan"))
    var scan: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --scan: tiles or regions like the one at this pixel of its first image.", valueName: "x,y"))
    var at: String?

    @Flag(name: .long, help: "Scans that show the same tissue as others.")
    var duplicates = false

    @Option(name: .long, help: ArgumentHelp("How many are listed (10; all duplicates).", valueName: "n"))
    var limit: Int?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
        guard [finding != nil, scan != nil, duplicates].count(where: { $0 }) == 1 else {
            throw ValidationError("Give either --finding, --scan or --duplicates.")
        }
        if let finding, FindingID(hexadecimal: finding) == nil {
            throw ValidationError("--finding is 32 hexadecimal digits.")
        }
        if at != nil, scan == nil || place == nil { throw ValidationError("--at is x,y in pixels, with --scan.") }
        if let limit, !(1...100_000).contains(limit) { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    private var place: (x: Int, y: Int)? {
        let numbers = (at ?? "").split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let x = numbers[0], let y = numbers[1], min(x, y) >= 0 else { return nil }
        return (x, y)
    }

    func run() throws {
        if duplicates {
            let found = try database.read { try duplicates(in: $0) }
            return try Listing.write(Array(found.prefix(limit ?? found.count)), format: format.format)
        }
        let question: SimilarityQuestion
        if let id = finding.flatMap(FindingID.init(hexadecimal:)) {
            question = .finding(id)
        } else if let place {
            question = .place(scan: scan ?? "", x: place.x, y: place.y)
        } else {
            question = .scan(scan ?? "")
        }
        guard let parts = try database.read({ try $0.similar(to: question, limit: limit ?? 10) }) else {
            throw CommandFailure(
                .missing,
                "the database holds no vector of that \(at != nil ? "place" : finding == nil ? "scan" : "finding"): does the pipeline have a stage "
                    + "of the kind embedding?")
        }
        try Listing.write(parts, format: format.format)
    }
}
