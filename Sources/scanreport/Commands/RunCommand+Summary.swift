import Batch
import Exports
import Listings

/// What a night says in the end.
extension RunCommand {
    /// Of one pipeline its summary; of several an object with theirs.
    func writeSummary(_ summaries: [BatchSummary]) -> CommandFailure? {
        guard let summaryFile else { return nil }
        do throws(ExportError) {
            var file = try OutputFile(summaryFile)
            let runs = summaries.map(\.json)
            let json = runs.count == 1 ? runs[0] : .object([JSONValue.Member("runs", .array(runs))])
            try file.write(json.indented + "\n")
            try file.finish()
            return nil
        } catch {
            return CommandFailure(error)
        }
    }

    /// What to type next.
    var nextCommands: String {
        let program = CommandLine.arguments.first ?? "scanreport"
        let option = database.database.map { " --database \($0)" } ?? ""
        return """
            next: \(program) serve\(option)   # what was found, on the slides, in a browser
                  \(program) query --patient ID\(option)   # of: \(program) patients\(option)

            """
    }
}
