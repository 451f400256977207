import FoundationEssentials
import Listings
import Logging

/// Writes log lines for people to standard error, without waiting for whoever reads them.
struct TextLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value)" }.joined()
        StandardError.write("\(Timestamp(Date())) \(event.level.rawValue): \(event.message)\(details)\n")
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
