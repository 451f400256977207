import ArgumentParser
import FoundationEssentials

/// `--database` of every command that uses one.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The SQLite database of findings.",
            discussion: "Default: $SCANREPORT_DATABASE, or scanreport.sqlite in the working directory.",
            valueName: "file"))
    var database: String?

    var path: String {
        if let database { return database }
        let environment = ProcessInfo.processInfo.environment["SCANREPORT_DATABASE"] ?? ""
        return environment.isEmpty ? "scanreport.sqlite" : environment
    }
}
