import FindingStore
import Findings

/// What happens in a batch, for whoever shows its progress.
public enum BatchEvent: Sendable {
    /// The run has its number, and so many scans are to be opened.
    case began(run: Int64, scans: Int, size: Int64)
    case finished(FinishedScan)
    /// No scan is begun any more.
    case stopping(RunEnding)
}

/// A scan that the batch is through with for tonight.
public struct FinishedScan: Sendable {
    public enum Verdict: Sendable, Hashable {
        case done(AnalysisResult.Status, findings: Int)
        case failed(AnalysisFailure.Stage, AnalysisFailure.Code)
        /// This pipeline was done with its bytes, under whatever name.
        case alreadyDone
        /// Another file of this run has the same bytes.
        case duplicate

        init(_ outcome: AnalysisOutcome) {
            self =
                switch outcome {
                case .done(let result): .done(result.status, findings: result.findings.count)
                case .failed(let failure): .failed(failure.stage, failure.code)
                }
        }
    }

    /// The first digits of its hash; nil where it could not be hashed.
    public let hashPrefix: String?
    public let verdict: Verdict
    public let size: Int64
    public let duration: Duration
    /// How many workers it took; 0 where none was asked.
    public let attempts: Int
}
