import ArgumentParser
import Batch
import FindingStore
import Listings

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge the databases of shards, or of other machines, into one.",
        discussion: """
            Every row of each source is held against its audit chain first, and the head of that chain becomes an entry of \
            the merged one. A source that a run writes, that is damaged, was tampered with, is not finished, or is newer \
            than this program, is named, and nothing of it is merged; the others are, and the exit code is that of the \
            first that was refused. Older ones are brought up to date in a copy.

            Each source is merged in one transaction: a merge that was killed is begun again, and what was merged before \
            changes nothing. Give all shards of a night at once, in any order: their runs are numbered by when they began. \
            The same scan by the same pipeline must have the same findings in all of them, to the last bit; else what was \
            merged first stands, the scan is named by the first digits of its hash, and the merge ends with 1.

            Erasures come along. A source that holds a patient who was erased from the merged database, or from another \
            source, is refused: erase the patient there too. So is a source from which a patient was erased whom the merged \
            database still holds. Whom a run saw only after the erasure is let in.

            Reviews beside the sources come along into INTO-reviews, each once; of several of a finding the newest counts. \
            A file of reviews that is damaged, or newer than this program, is named and left out, and ends the merge \
            likewise.
            """)

    @Argument(
        help: ArgumentHelp("The database that they are merged into; made where it is missing.", valueName: "into"))
    var into: String

    @Argument(help: ArgumentHelp("The databases to be merged.", valueName: "from"))
    var sources: [String]

    @Flag(
        name: .long, help: "Pass over what was merged before by the head of its audit chain, without reading it again.")
    var onlyNew = false

    func run() throws {
        do {
            let store = try FindingStore.openForWriting(at: into) { StandardError.write("\($0)\n") }
            if let system = store.networkFileSystem {
                StandardError.write(
                    "warning: the database lies on a network file system (\(system)): merge on a local disk\n")
            }
            let report = try store.merge(sources, onlyNew: onlyNew) { source in
                if case .refused(let error) = source.outcome { StandardError.write("scanreport: \(error.message)\n") }
            }
            for error in report.reviews.refusals { StandardError.write("scanreport: \(error.message)\n") }
            let night = try report.lastRun.map { try MergedNight(in: store, asOf: $0) }
            StandardOutput.tell(text(report, night) + "  audit head: \(try store.auditHead().hexadecimal)\n")
            if let error = (report.refusals + report.reviews.refusals).first {
                throw ExitCode(CommandFailure(error).status.rawValue)
            }
            if !report.counts.conflicts.isEmpty || night?.needsSomebody == true {
                throw ExitCode(ExitStatus.attention.rawValue)
            }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private func text(_ report: MergeReport, _ night: MergedNight?) -> String {
        let counts = report.counts
        var lines = [
            "\(sources.count.counting("database")): \(report.mergedCount) merged, \(report.knownCount) merged before, "
                + "\(report.refusals.count) refused",
            "  new: \(counts.scans.counting("scan")), \(counts.files.counting("file")), "
                + "\(counts.analyses.counting("analysis", "analyses")), \(counts.findings.counting("finding"))",
        ]
        if counts.replaced > 0 {
            lines.append(
                "  \(counts.replaced.counting("analysis", "analyses")) made way for newer ones by another spacing or within other "
                    + "outlines")
        }
        if counts.outdated > 0 {
            lines.append(
                "  left out: \(counts.outdated.counting("analysis", "analyses")) of which the database has newer ones")
        }
        if !counts.conflicts.isEmpty {
            let scans = Set(counts.conflicts.map(\.prefix)).sorted()
            let more = scans.count > 20 ? " and \(scans.count - 20) more" : ""
            lines.append(
                "  other findings by the same pipeline in two databases, of which those that were there first stand, in "
                    + "\(scans.count.counting("scan")): \(scans.prefix(20).joined(separator: ", "))\(more)")
        }
        let reviews = report.reviews
        if reviews.added > 0 { lines.append("  new: \(reviews.added.counting("review"))") }
        if reviews.leftOut > 0 {
            lines.append(
                "  left out: \(reviews.leftOut.counting("review")) of what the database does not hold")
        }
        let said = night?.notices.map(\.sentence) ?? []
        return (lines + said.map { "  warning: \($0)" }).map { $0 + "\n" }.joined()
    }
}

extension MergeReport {
    fileprivate var refusals: [StoreError] {
        sources.compactMap { if case .refused(let error) = $0.outcome { error } else { nil } }
    }

    fileprivate var mergedCount: Int { sources.count { if case .merged = $0.outcome { true } else { false } } }
    fileprivate var knownCount: Int { sources.count { if case .known = $0.outcome { true } else { false } } }
}
