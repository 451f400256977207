import Listings

/// A finding with everything that it is listed with: whose it is, of which scan, and where it comes from.
public struct FindingRow: Sendable, Hashable {
    public let patient: String
    /// The scan's path, relative to the folder that was given.
    public let scan: String
    public let scanSHA256: ContentHash
    public let id: FindingID
    /// Without its geometry, unless that was asked for.
    public let finding: Finding
    public let origin: AnalysisOrigin

    public init(
        patient: String, scan: String, scanSHA256: ContentHash, id: FindingID, finding: Finding,
        origin: AnalysisOrigin
    ) {
        self.patient = patient
        self.scan = scan
        self.scanSHA256 = scanSHA256
        self.id = id
        self.finding = finding
        self.origin = origin
    }
}

/// Which analysis a result comes from.
public struct AnalysisOrigin: Sendable, Hashable {
    public let analysisID: Int64
    public let runID: Int64
    public let pipeline: String
    public let pipelineSHA256: ContentHash
    public let models: [ModelIdentity]
    /// When the analysis ended.
    public let analysedAt: Timestamp
    /// As the analysis took it; nil where it ended before it knew.
    public let spacing: RecordedSpacing?
    /// What to know of the result, one sentence each, such as that the spacing was assumed.
    public let remarks: [String]

    public init(
        analysisID: Int64, runID: Int64, pipeline: String, pipelineSHA256: ContentHash, models: [ModelIdentity],
        analysedAt: Timestamp, spacing: RecordedSpacing? = nil, remarks: [String] = []
    ) {
        self.analysisID = analysisID
        self.runID = runID
        self.pipeline = pipeline
        self.pipelineSHA256 = pipelineSHA256
        self.models = models
        self.analysedAt = analysedAt
        self.spacing = spacing
        self.remarks = remarks
    }

    /// The hash of the model in this role; several of them joined by `;`, nil where there is none.
    public func modelSHA256(_ role: ModelIdentity.Role) -> String? {
        let hashes = models.filter { $0.role == role }.map(\.sha256.hexadecimal)
        return hashes.isEmpty ? nil : hashes.joined(separator: ";")
    }
}
