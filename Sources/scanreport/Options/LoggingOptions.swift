import ArgumentParser
import Logging

/// `--log-level` and `--log-format` of the commands that log.
struct LoggingOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Log lines to standard error from this level on.",
            discussion: "Patient ids and file names are logged at debug and trace only.",
            valueName: "level"))
    var logLevel: Logger.Level = .warning

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What goes to standard error: text for people, or one JSON object a line.", valueName: "format"))
    var logFormat: Format = .text

    var logger: Logger {
        var logger = Logger(label: "scanreport") { _ in
            switch logFormat {
            case .text: TextLogHandler()
            case .json: JSONLogHandler()
            }
        }
        logger.logLevel = logLevel
        return logger
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
