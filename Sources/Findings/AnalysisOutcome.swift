/// How the analysis of one scan by one pipeline ended.
public enum AnalysisOutcome: Sendable, Hashable {
    case done(AnalysisResult)
    case failed(AnalysisFailure)
}

/// What an analysis that came to its end says of the scan.
public struct AnalysisResult: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// The scan was analysed; its findings follow.
        case findings
        /// Nothing but glass: there was nothing to analyse.
        case noTissue = "no-tissue"
        /// The scan's quality is below the pipeline's thresholds.
        case rejected
    }

    public let status: Status
    /// Why a scan was rejected, or what to know of a result, one sentence each.
    public let remarks: [String]
    /// Quality measures by name (`tissue_share`, ...).
    public let quality: [String: Double]
    /// Empty unless the status is `findings`.
    public let findings: [Finding]
    public let illustration: ScanIllustration
    /// Empty unless the status is `findings`.
    public var embeddings: [EmbeddingBlock]

    public init(
        status: Status, remarks: [String], quality: [String: Double], findings: [Finding],
        illustration: ScanIllustration = .none, embeddings: [EmbeddingBlock] = []
    ) {
        self.status = status
        self.remarks = remarks
        self.quality = quality
        self.findings = findings
        self.illustration = illustration
        self.embeddings = embeddings
    }

    /// The same with these findings.
    public func with(_ findings: [Finding]) -> AnalysisResult {
        AnalysisResult(
            status: status, remarks: remarks, quality: quality, findings: findings, illustration: illustration,
            embeddings: embeddings)
    }

    /// The same with these pictures.
    public func with(_ illustration: ScanIllustration) -> AnalysisResult {
        AnalysisResult(
            status: status, remarks: remarks, quality: quality, findings: findings, illustration: illustration,
            embeddings: embeddings)
    }
}

/// Why an analysis did not come to its end.
public struct AnalysisFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where on the way of the data it happened.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        case open, read, tissue, normalise, segment, classify, detect, embed, measure, worker, record
    }

    public enum Code: String, Sendable, Hashable, CaseIterable {
        case malformed, unsupported, limit
        case inputOutput = "input-output"
        case changed
        case unknownSpacing = "unknown-spacing"
        case degenerateOutput = "degenerate-output"
        case outOfMemory = "out-of-memory"
        case timeout
        case crashed
        /// Somebody ended the worker.
        case killed
        case `protocol`
        case defect
    }

    public let stage: Stage
    public let code: Code
    /// One line that names what is wrong, without patient data or file names.
    public let message: String

    public init(stage: Stage, code: Code, message: String) {
        self.stage = stage
        self.code = code
        self.message = message
    }

    public var description: String { "\(stage.rawValue): \(code.rawValue): \(message)" }
}
