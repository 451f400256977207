import Findings

/// What the batch tells a worker.
///
/// A worker greets with `ready`. Then, for each scan: `open`, which the open file comes with, is answered with `opened`
/// or `refused`; an opened scan is either let go (`skip`, no answer) or analysed (`analyse`, answered with any number of
/// `findings` and one `end`). The batch closes the channel when no scan is left.
enum BatchMessage: Sendable {
    case open(OpenRequest)
    case analyse
    case skip
}

struct OpenRequest: Sendable {
    /// In micrometres per level-0 pixel, from the manifest.
    let spacing: Double?
    /// Processor time that the worker may spend on this scan, all threads together.
    let processorSeconds: Int
}

/// What a worker answers.
enum WorkerMessage: Sendable {
    case ready(Greeting)
    /// The worker cannot work at all, whatever the scan: why, in one line.
    case unusable(String)
    case opened(OpenedFile)
    case refused(AnalysisFailure)
    /// Some of the analysis' findings, in order, where they are too many for one message.
    case findings([Finding])
    case end(AnalysisEnd)
}

struct Greeting: Sendable {
    /// Raised with every change to these messages.
    static let currentVersion = 3

    let version: Int
    /// The fingerprint of the pipeline as the worker loaded it.
    let pipeline: ContentHash
}

/// A scan that is open in a worker, as it was when it was hashed.
struct OpenedFile: Sendable, Hashable {
    let stamp: FileStamp
    let sha256: ContentHash
}

/// The last word on a scan.
struct AnalysisEnd: Sendable {
    let image: Scan.Image?
    /// With those of its findings that did not come before.
    let outcome: AnalysisOutcome
    /// Of all.
    let findingCount: Int
}
