/// What counted of a scan when a run had ended.
public struct StandingAnalysis: Sendable, Hashable {
    public let patient: String
    /// The scan's path, relative to the folder that was given.
    public let path: String
    public let scanSHA256: ContentHash
    public let analysisID: Int64
    public let pipelineSHA256: ContentHash
    public let status: AnalysisResult.Status

    public init(
        patient: String, path: String, scanSHA256: ContentHash, analysisID: Int64, pipelineSHA256: ContentHash,
        status: AnalysisResult.Status
    ) {
        self.patient = patient
        self.path = path
        self.scanSHA256 = scanSHA256
        self.analysisID = analysisID
        self.pipelineSHA256 = pipelineSHA256
        self.status = status
    }
}
