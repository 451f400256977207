import Batch
import Logging

/// What happens in a batch as log lines, for those who collect them: in place of a bar and sentences for people.
struct EventLog: Sendable {
    let logger: Logger

    func show(_ event: BatchEvent) {
        switch event {
        case .began:
            break  // the batch logs that itself, with the run's number
        case .finished(let scan):
            var metadata: Logger.Metadata = [
                "scan": "\(scan.hashPrefix ?? "unopened")", "bytes": "\(scan.size)", "attempts": "\(scan.attempts)",
            ]
            guard case .failed(let stage, let code) = scan.verdict else {
                logger.info("a scan is finished", metadata: metadata)
                return
            }
            metadata["stage"] = "\(stage.rawValue)"
            metadata["code"] = "\(code.rawValue)"
            logger.warning("a scan failed", metadata: metadata)
        case .stopping(let ending):
            logger.warning("no further scans are begun", metadata: ["ending": "\(ending.rawValue)"])
        }
    }
}
