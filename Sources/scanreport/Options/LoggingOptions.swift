import ArgumentParser
import Logging

/// `--log-level` of the commands that log.
struct LoggingOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Log lines to standard error from this level on.",
            discussion: "Patient ids and file names are logged at debug and trace only.",
            valueName: "level"))
    var logLevel: Logger.Level = .warning

    var logger: Logger {
        var logger = Logger(label: "scanreport") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        return logger
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
