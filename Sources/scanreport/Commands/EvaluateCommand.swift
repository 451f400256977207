import ArgumentParser
import Evaluation
import FindingStore
import FoundationEssentials

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Hold the database's findings against ground truth.",
        discussion: """
            The manifest is a CSV file with the columns patient, scan, mask (or outlines) and class (and split, if need be); \
            paths are relative to its folder. Outlines are GeoJSON as QuPath and `export` write it: annotations count, but those \
            called Ignore*, and outside of those called Region* nothing; the report tells of which classes they were. A mask is PNG or \
            TIFF: what is not 0 is the structure, in one value, or one for each object. Scans are matched by the hash of their bytes, \
            and count once. Every figure comes with a 95 % interval by bootstrap over patients. Scans of the manifest that were not \
            analysed are named and counted.

            With --objects or --labels, objects are held against a table of boxes (scan, x, y, width, height, class; a line with the \
            scan alone says that it has none, and so does the manifest's own column boxes where it is filled), or against \
            instance label images of the scans' names (a manifest's column labels may name others): mean average precision, F1, \
            counts. The manifest then needs the column scan alone; patient, split and unboxed (classes whose objects in the scan \
            are not all boxed, separated by semicolons) may be there.

            Ends with 1 where some of the manifest's scans were not analysed, or are not in the table of boxes, where the table names \
            others, where classes are none of the pipeline's, and where all masks mark every pixel, or all outlines lie in a corner.
            """)

    @Option(name: .long, help: ArgumentHelp("The ground truth.", valueName: "csv"))
    var manifest: String

    @Option(name: .long, help: ArgumentHelp("The scans' objects, as boxes.", valueName: "csv"))
    var objects: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The scans' objects, as label images NAME.png or NAME.tif.", valueName: "folder"))
    var labels: String?

    @OptionGroup var outlines: OutlineOptions

    @Option(name: .long, help: ArgumentHelp("Only the manifest's rows of this split.", valueName: "name"))
    var split: String?

    @Option(name: .long, help: ArgumentHelp("Findings of this pipeline.", valueName: "name"))
    var pipeline: String?

    @OptionGroup var database: DatabaseOptions

    @Option(name: .long, help: "How to print: table (for people) or json (for programs).")
    var format: Format = .table

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    func validate() throws {
        if objects != nil, labels != nil {
            throw ValidationError("--objects and --labels cannot both say what is true.")
        }
    }

    func run() throws {
        do {
            if objects != nil || labels != nil { return try evaluateObjects() }
            let truths = try readManifest().filter { split == nil || $0.split == split }
            if truths.isEmpty { throw CommandFailure(.unusable, "the manifest has no row to evaluate") }
            let untold = truths.filter { !$0.tellsForeground && $0.label == nil }
            if let notice = UntoldLines(untold.map(\.line)).notice(of: "the structure and of a class") {
                StandardError.write("\(notice)\n")
            }
            let store = try FindingStore.openForReading(at: database.path)
            var evaluator = Evaluator()
            var answers = ScanAnswers(store, pipeline: pipeline, path: path)
            var objectsAlone: [Int] = []
            try store.snapshot {
                for truth in truths {
                    if try !add(truth, to: &evaluator, asking: &answers) { objectsAlone.append(truth.line) }
                }
            }
            if !objectsAlone.isEmpty {
                StandardError.write(
                    "the outlines of \(objectsAlone.count.counting("scan")) are of objects alone, such as cells, and say nothing "
                        + "of regions: a table of boxes (--objects) or label images (--labels) tell of objects\n")
            }
            let report = evaluator.report()
            try StandardOutput.write(
                format == .json ? report.json.indented + "\n" : report.text,
                needsAttention: report.needsAttention || !objectsAlone.isEmpty)
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private func readManifest() throws -> [GroundTruth] { try GroundTruth.manifest(Self.bytes(of: manifest)) }

    static func bytes(of file: String) throws -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw CommandFailure(.missing, "\(file): cannot be read")
        }
        return Array(data)
    }

    /// - Returns: false where the scan's outlines are of objects alone.
    private func add(
        _ truth: GroundTruth, to evaluator: inout Evaluator, asking answers: inout ScanAnswers
    ) throws -> Bool {
        let answer = try answers.answer(to: truth.scan, line: truth.line)
        let mask = try answer.size.flatMap { try truth.foreground(in: $0, counting: outlines.counted, path: path) }
        try evaluator.add(truth, answer: answer, mask: mask)
        return mask != nil || answer.size == nil || !truth.tellsForeground
    }

    func path(_ name: String) -> String { Self.path(name, beside: manifest) }

    /// A path of a manifest: absolute, or relative to its folder.
    static func path(_ name: String, beside manifest: String) -> String {
        if name.hasPrefix("/") { return name }
        guard let slash = manifest.lastIndex(of: "/") else { return name }
        return manifest[...slash] + name
    }
}
