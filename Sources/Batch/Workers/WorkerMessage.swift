import Analysis
import Findings
import FoundationEssentials
import Slides

/// What the batch asks a worker: to analyse the scan whose open files come with the message.
///
/// A worker greets with `ready`. Each request is answered with any number of `findings` and `embeddings`, and one `end`. The batch closes
/// the channel when no scan is left. Neither side's words name a scan: whose the findings are, and what the bytes are
/// that they were made of, the batch knows of the file that it handed over.
struct AnalysisRequest: Sendable, Hashable {
    /// In micrometres per level-0 pixel, from the manifest.
    let spacing: Double?
    /// Within which the scan is to be looked at, as encoded; nil for everywhere.
    let outlines: Data?
    /// Processor time that the worker may spend on this scan, all threads together.
    let processorSeconds: Int
    /// Nil for a scan of one file.
    var parts: PartTable?
}

/// What the open files are that come behind that which a scan is known by.
struct PartTable: Sendable, Hashable {
    let form: MultifileForm
    /// In the files' order.
    let names: [String]

    init(form: MultifileForm, names: [String]) {
        self.form = form
        self.names = names
    }

    /// Nil for a scan of one file.
    init?(_ scan: borrowing OpenedScan) {
        guard let form = scan.form else { return nil }
        self.init(form: form, names: scan.parts.map(\.name))
    }
}

/// What a worker answers.
enum WorkerMessage: Sendable, Hashable {
    case ready(Greeting)
    /// The worker cannot work at all, whatever the scan: why, in one line.
    case unusable(String)
    /// Some of the analysis' findings, in order, where they are too many for one message.
    case findings([Finding])
    /// Some of its vectors.
    case embeddings(EmbeddingBlock)
    case end(AnalysisEnd)
}

struct Greeting: Sendable, Hashable {
    /// Raised with every change to these messages.
    static let currentVersion = 6

    let version: Int
    /// The fingerprint of the pipeline as the worker loaded it.
    let pipeline: ContentHash
    /// What the kernel keeps the worker from.
    let confinement: WorkerConfinement
}

/// The last word on a scan.
struct AnalysisEnd: Sendable, Hashable {
    let image: Scan.Image?
    /// With those of its findings that did not come before.
    let outcome: AnalysisOutcome
    /// Of all.
    let findingCount: Int
}
