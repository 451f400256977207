import FoundationEssentials
import Listings
import Logging

/// Writes each log line as a JSON object to standard error: `time`, `level` and `message`, then what it is about.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let line = [
            JSONValue.Member("time", .text(Timestamp(Date()).description)),
            JSONValue.Member("level", .text(event.level.rawValue)),
            JSONValue.Member("message", .text(event.message.description)),
        ]
        let members = details.map { JSONValue.Member($0.key, .text($0.value.description)) }
        StandardError.write(JSONValue.object(line + members).compact + "\n")
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
