import ArgumentParser

/// The form of a listing: a table for people, or a stable contract for programs.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json
}

/// `--format` of every listing.
struct FormatOptions: ParsableArguments {
    @Option(name: .long, help: "How to print: table (for people), csv or json (for programs).")
    var format: OutputFormat = .table
}
