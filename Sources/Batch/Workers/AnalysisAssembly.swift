import Findings

/// How the analysis of a scan ended.
struct AnalysedScan: Sendable {
    /// Nil where the scan was not opened, or not read to its end.
    let file: HashedFile?
    let image: Scan.Image?
    let outcome: AnalysisOutcome
    /// How many workers it took.
    let attempts: Int

    var hasChanged: Bool {
        if case .failed(let failure) = outcome { failure.code == .changed } else { false }
    }
}

/// Puts an analysis together from the messages of a worker, which may have been taken over by the scan it read: what
/// no analysis can say is refused.
struct AnalysisAssembly {
    /// The most geometry that one analysis may have, in bytes.
    static let geometryLimit = 512 << 20
    /// Likewise of vectors.
    static let embeddingLimit = 512 << 20

    /// The manifest's.
    private let spacing: Double?
    private var findings: [Finding] = []
    private var geometryBytes = 0
    private var embeddings: [EmbeddingBlock] = []
    private var embeddingBytes = 0

    init(spacing: Double?) {
        self.spacing = spacing
    }

    mutating func add(_ chunk: [Finding]) throws(WorkerFailure) {
        for finding in chunk {
            guard finding.ordinal == findings.count else { throw .broke("findings came out of order") }
            guard (0...1).contains(finding.confidence), (0...1).contains(finding.rawConfidence) else {
                throw .broke("a finding's confidence is no probability")
            }
            geometryBytes += finding.geometry?.count ?? 0
            guard geometryBytes <= AnalysisAssembly.geometryLimit else {
                throw .broke("the findings' geometry is larger than \(AnalysisAssembly.geometryLimit >> 20) MiB")
            }
            findings.append(finding)
        }
    }

    mutating func add(_ block: EmbeddingBlock) throws(WorkerFailure) {
        embeddingBytes += block.vectors.count
        guard embeddingBytes <= AnalysisAssembly.embeddingLimit else {
            throw .broke("the vectors are larger than \(AnalysisAssembly.embeddingLimit >> 20) MiB")
        }
        embeddings.append(block)
    }

    mutating func finished(by end: AnalysisEnd) throws(WorkerFailure) -> AnalysisOutcome {
        if let used = end.image?.spacing {
            // By the spacing that the manifest gave, the store knows what is done: it is not the worker's to say.
            let given = used.source == .manifest ? used.micrometresPerPixel : nil
            guard given == spacing else { throw .broke("the analysis went by another spacing than was given") }
        }
        switch end.outcome {
        case .failed(let failure):
            // Whoever handed the file over looks at that.
            if failure.code == .changed { throw .broke("the file is said to have changed, and did not") }
            return end.outcome
        case .done(let result):
            guard let image = end.image, image.width > 0, image.height > 0, image.levels > 0 else {
                throw .broke("an analysis came without the image that it is of")
            }
            try add(result.findings)
            guard end.findingCount == findings.count else {
                throw .broke("\(findings.count) findings came, \(end.findingCount) were announced")
            }
            guard result.status == .findings || findings.isEmpty && embeddings.isEmpty else {
                throw .broke("findings came with a result that has none")
            }
            let ordinals = embeddings.lazy.flatMap(\.places).compactMap(\.ordinal)
            guard ordinals.allSatisfy({ findings.indices.contains($0) && findings[$0].kind == .region }) else {
                throw .broke("a vector came of a region that there is not")
            }
            var complete = result.with(findings)
            complete.embeddings = embeddings
            return .done(complete)
        }
    }
}
