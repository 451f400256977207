import ArgumentParser
import FindingStore
import Listings

/// Which findings `query` and `export` list.
struct FilterOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Scans of this patient.", valueName: "id"))
    var patient: String?

    @Option(name: .long, help: ArgumentHelp("Findings of this class.", valueName: "label"))
    var label: String?

    @Option(name: .long, help: ArgumentHelp("Findings of at least this confidence, 0 to 1.", valueName: "p"))
    var minConfidence: Double?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "One scan: its path as it is listed, or the first six or more digits of its hash.", valueName: "scan"))
    var scan: String?

    @Option(name: .long, help: ArgumentHelp("What this run found, current or not.", valueName: "n"))
    var run: Int64?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What this pipeline found: its name or, current or not, the first six or more digits of its fingerprint.",
            valueName: "name"))
    var pipeline: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Analyses since then (UTC), such as 2026-11-22 or 2026-11-22T04:00:00Z.", valueName: "date"))
    var since: Timestamp?

    mutating func validate() throws {
        if let minConfidence, !(0...1).contains(minConfidence) {
            throw ValidationError("--min-confidence must be from 0 to 1.")
        }
    }

    var isEmpty: Bool {
        patient == nil && label == nil && minConfidence == nil && scan == nil && run == nil && pipeline == nil
            && since == nil
    }

    var filter: FindingFilter {
        FindingFilter(
            patient: patient, label: label, minimumConfidence: minConfidence, scan: scan, run: run, since: since,
            pipeline: pipeline)
    }

    /// - Throws: `missing` for a patient, run or pipeline that the database does not hold, and a label that it holds otherwise
    ///   written: an empty answer would read as negative.
    func check(against store: FindingStore) throws {
        if let patient, try !store.exists(patient: patient) {
            throw CommandFailure(.missing, "the database holds no scan of patient \(patient.printable)")
        }
        if let label, try !store.exists(label: label) {
            if let other = try store.label(like: label) {
                throw CommandFailure(
                    .missing, "no finding is labelled \(label.printable), but some are labelled \(other.printable)")
            }
            StandardError.write("scanreport: no finding of any scan is labelled \(label.printable)\n")
        }
        if let run, try !store.exists(run: run) {
            throw CommandFailure(.missing, "the database holds no run \(run)")
        }
        if let pipeline {
            let known = try store.pipelines().map(\.pipeline)
            guard
                known.contains(where: {
                    $0.name == pipeline
                        || pipeline.utf8.count >= 6 && $0.sha256.hexadecimal.hasPrefix(pipeline.lowercased())
                })
            else {
                throw CommandFailure(.missing, "the database holds nothing by a pipeline \(pipeline.printable)")
            }
        }
    }
}

extension Timestamp: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
