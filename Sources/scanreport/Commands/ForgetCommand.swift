import ArgumentParser
import FindingStore
import Listings

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erase a patient from the database (right to erasure).",
        discussion: """
            Erases the patient's files, scans, analyses, findings and reviews, rewrites the database without them, empties its \
            log and removes the backups that migrations left beside it. Scans that another patient has too stay with \
            that patient. The audit chain says that a patient was erased, and keeps a keyed hash instead of the id.

            Out of reach are the scans themselves, exports, copies and backups elsewhere, logs, and what a file system \
            or disk keeps of overwritten blocks. A run over a folder that still holds the scans records them again.

            Needs the size of the database twice on the disk for a while. Ends with 75 where a run holds the database.
            """)

    @Option(name: .long, help: ArgumentHelp("The patient to erase.", valueName: "id"))
    var patient: String

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        do {
            // Opening for writing would create a database where there is none.
            _ = try FindingStore.openForReading(at: database.path)
            guard let erasure = try FindingStore.openForWriting(at: database.path).forget(patient: patient) else {
                throw CommandFailure(.missing, "the database holds nothing of patient \(patient.printable)")
            }
            try StandardOutput.write(erasure.text)
        } catch {
            throw CommandFailure(any: error)
        }
    }
}

extension Erasure {
    fileprivate var text: String {
        var lines = [
            "erased: \(scans.counting("scan")), \(files.counting("file")), \(analyses.counting("analysis", "analyses")), "
                + findings.counting("finding"),
            "the database was rewritten without them, and its audit chain says so",
        ]
        if reviews > 0 { lines.append("erased: \(reviews.counting("review"))") }
        if keptScans > 0 { lines.append("kept: \(keptScans.counting("scan")) of another patient too") }
        if redactedRuns > 0 { lines.append("erased from the arguments of \(redactedRuns.counting("run"))") }
        if removedBackups > 0 { lines.append("removed: \(removedBackups.counting("backup")) of older schemas") }
        lines.append("not reached: the scans' files, exports, and copies elsewhere")
        return lines.map { $0 + "\n" }.joined()
    }
}
