import ArgumentParser
import Exports
import FindingStore
import Findings

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write findings as CSV or JSON, or regions as label images or outlines.",
        discussion: """
            csv     one finding a line, in the columns of the contract
            json    the same with measurements, as one array
            masks   one label image a scan, OUTPUT/<scan sha256>.tif: 0 is background, n the scan's n-th region in the \
            order of the CSV; objects and artefacts in .objects.tif and .artefacts.tif, further images in .image1.tif; where \
            regions overlap, as those of several labels at once do, each label in a file of its own, .<label>.tif
            ome-tiff the same with levels of resolution, OUTPUT/<scan sha256>.ome.tif, and the probabilities of graded tiles, a \
            channel a class, OUTPUT/<scan sha256>.<stage>.probabilities.ome.tif
            geojson the outlines, polygons with holes in level-0 pixels, one file a scan, \
            OUTPUT/<scan sha256>.geojson, which QuPath opens
            dsa     the same as annotations of the Digital Slide Archive, OUTPUT/<scan sha256>.json
            wsinfer graded tiles in WSInfer's folders, OUTPUT/model-outputs-csv/<scan's name>.csv and \
            OUTPUT/model-outputs-geojson/<scan's name>.json
            labels  what reviews agreed to or called by another name, as ground truth: OUTPUT/manifest.csv for `evaluate`, with \
            masks of regions, outlines that QuPath opens, boxes and label images of objects. Regions (and objects) of a \
            scan are labels once all of them have a review
            sqlite  the whole database as a plain file without a write-ahead log, for read-only shares

            Takes the filters of `query`; without any it writes everything that is current. Every export is recorded in \
            the database's audit chain before its first byte is written; while a run holds the database it ends with 75.

            With --pseudonymise, patients, paths, scans' hashes and findings' ids are replaced by keyed hashes, the same \
            for the same key, and of the moment of an analysis the year is left. Make a key with \
            `(umask 077; head -c 32 /dev/urandom > KEYFILE)` and keep it secret: whoever has it can recognise patients.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, json, masks, geojson, dsa, wsinfer, labels, sqlite
        case omeTIFF = "ome-tiff"

        var isOneFile: Bool { [.csv, .json, .sqlite].contains(self) }
    }

    @Option(name: .long, help: "What to write: csv, json, masks, ome-tiff, geojson, dsa, wsinfer, labels or sqlite.")
    var format: Format = .csv

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The file of csv and json (default, and -: standard output) or sqlite, or the folder of the others.",
            valueName: "path"))
    var output: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How far outlines may lie from the exact ones, in pixels; 0: not at all.", valueName: "pixels"))
    var tolerance = 1.0

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What a scan's files are called by: its hash, or scan, its file name, by which viewers find the slide.",
            valueName: "hash|scan"))
    var names: PictureNaming?

    @Flag(name: .long, help: "Compress geojson into .geojson.gz.")
    var gzip = false

    @Flag(name: .long, help: "Begin csv with a byte order mark, by which Excel knows UTF-8.")
    var bom = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "For labels: what counts as right that nobody reviewed, in scans where others were.",
            valueName: "none|agreed"))
    var unreviewed: Unreviewed?

    enum Unreviewed: String, CaseIterable, ExpressibleByArgument {
        case none, agreed
    }

    @Option(
        name: .long,
        help: ArgumentHelp("Replace what identifies patients, with the key in this file.", valueName: "keyfile"))
    var pseudonymise: String?

    @OptionGroup var filter: FilterOptions
    @OptionGroup var database: DatabaseOptions

    @Flag(name: .long, help: "In CSV, leave texts as they are that a spreadsheet would run as formulas.")
    var rawText = false

    func validate() throws {
        if format != .csv && format != .json && output == nil {
            throw ValidationError("--format \(format.rawValue) needs --output.")
        }
        if format == .sqlite && (!filter.isEmpty || pseudonymise != nil) {
            throw ValidationError("--format sqlite writes the whole database, as it is.")
        }
        if format == .labels && (filter.label != nil || filter.minConfidence != nil || pseudonymise != nil) {
            throw ValidationError(
                "--format labels writes all that is true of a scan, which it names by its file: it goes without --label, "
                    + "--min-confidence and --pseudonymise.")
        }
        if unreviewed != nil && format != .labels { throw ValidationError("--unreviewed is for --format labels.") }
        if gzip && format != .geojson { throw ValidationError("--gzip is for --format geojson.") }
        if bom && format != .csv { throw ValidationError("--bom is for --format csv.") }
        if names != nil && format.isOneFile {
            throw ValidationError("--names is for formats of a file a scan, not for \(format.rawValue).")
        }
        guard (0...1_000).contains(tolerance) else {
            throw ValidationError("--tolerance must lie between 0 and 1000 pixels.")
        }
    }

    func run() throws {
        do {
            let pseudonyms = try pseudonymise.map { Pseudonyms(key: try PseudonymKey(path: $0)) }
            let before = try FindingStore.openForReading(at: database.path)
            try filter.check(against: before)
            try ProtectedPlaces(before).check(place, "--output")
            // The writer's lock is held for this alone: a night must not wait for a long export.
            try FindingStore.openForWriting(at: database.path, briefly: true).recordExport(
                format: format.rawValue, filter: filter.filter, isPseudonymised: pseudonyms != nil)
            let store = try FindingStore.openForReading(at: database.path)
            try export.write(ExportQuestion(store, filter: filter.filter, pseudonyms: pseudonyms))
        } catch {
            throw CommandFailure(any: error)
        }
    }

    /// Nil for standard output.
    private var place: String? { output == "-" && [.csv, .json].contains(format) ? nil : output }

    private var export: any Export {
        let folder = output ?? "."
        let tell: @Sendable (String) -> Void = { StandardError.write("\($0)\n") }
        return switch format {
        case .csv: CSVExport(output: place, protection: rawText ? .none : .formulas, hasByteOrderMark: bom)
        case .json: JSONExport(output: place)
        case .masks: LabelImageExport(folder: folder, naming: names ?? .hash, tell: tell)
        case .omeTIFF: LabelPyramidExport(folder: folder, naming: names ?? .hash, tell: tell)
        case .geojson:
            OutlineExport(folder: folder, tolerance: tolerance, naming: names ?? .hash, isCompressed: gzip)
        case .dsa: DSAExport(folder: folder, tolerance: tolerance, naming: names ?? .hash)
        case .labels:
            ReviewedLabelExport(
                folder: folder, naming: names ?? .hash, trustsUnreviewed: unreviewed == .agreed, tell: tell)
        case .sqlite: SQLiteExport(output: output ?? "")
        case .wsinfer: WSInferExport(folder: folder, naming: names ?? .scan)
        }
    }
}

extension PictureNaming: ExpressibleByArgument {}
