import Analysis
import ArgumentParser
import Batch
import FindingStore
import Findings
import FoundationEssentials

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check provenance: rows, audit chain, scans, models, and results made again.",
        discussion: """
            Reads every row against types, keys and the audit chain, and every review, hashes every scan's file that is \
            still there and the models of the pipelines, and with --replay analyses some scans again and compares every bit. \
            Writes nothing. Ends with 1 where something is wrong, and names what, the first first.

            The chain has no key: who can write the file can write a whole new chain. Note the printed audit head \
            somewhere else, and give it later as --head: then no entry before it can have been changed.
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(name: .long, help: ArgumentHelp("Make so many analyses again, drawn by chance.", valueName: "n"))
    var replay: Int = 0

    @Option(
        name: .long,
        help: ArgumentHelp("An audit head noted before: 64 digits.", valueName: "hash"),
        transform: { text in
            guard let hash = ContentHash(hexadecimal: text) else { throw ValidationError("64 hexadecimal digits.") }
            return hash
        })
    var head: ContentHash?

    @Flag(name: .long, help: "Do not read the scans' files, which can be terabytes.")
    var skipScans = false

    @Option(name: .long, help: "How to print: table (for people) or json (for programs).")
    var format: Format = .table

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    func validate() throws {
        if replay < 0 { throw ValidationError("--replay must not be negative.") }
    }

    func run() throws {
        let report: ProvenanceReport
        do {
            report = try check(FindingStore.openForReading(at: database.path))
        } catch {
            throw CommandFailure(any: error)
        }
        try StandardOutput.write(
            format == .json ? report.json.indented + "\n" : report.text,
            needsAttention: !report.irregularities.isEmpty)
    }

    private func check(_ store: FindingStore) throws -> ProvenanceReport {
        let rows = try store.verify(earlierHead: head)
        let pipelines = PipelineVerification(try store.pipelines().map(\.pipeline)) { name throws(PipelineError) in
            try Pipeline(
                directory: PipelineLocator.folder(
                    for: name, environment: ProcessInfo.processInfo.environment,
                    workingDirectory: FileManager.default.currentDirectoryPath, executable: Executable.path),
                engine: ProgramEngine.engine)
        }
        return ProvenanceReport(
            store: rows, reviews: store.verifyReviews(), inputs: skipScans ? nil : InputVerification(try store.scans()),
            pipelines: pipelines,
            replay: replay == 0
                ? nil
                : try Replay(
                    of: replay, from: store, pipelines: pipelines.intact, tileThreads: Host.processorCount))
    }
}
