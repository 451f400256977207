/// How an analysis of one patient's scan ended: what is listed beside the findings, so that silence never reads as
/// "negative".
public struct AnalysisRow: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        case done(status: AnalysisResult.Status, findings: Int, remarks: [String], quality: [String: Double])
        case failed(AnalysisFailure)
    }

    public let patient: String
    public let patientSource: Patient.Source
    /// The scan's path, relative to the folder that was given.
    public let scan: String
    /// Nil for a file that could not even be opened.
    public let scanSHA256: ContentHash?
    public let outcome: Outcome
    /// The file at this path has had other bytes since.
    public let isReplaced: Bool
    public let origin: AnalysisOrigin

    public init(
        patient: String, patientSource: Patient.Source, scan: String, scanSHA256: ContentHash?, outcome: Outcome,
        isReplaced: Bool, origin: AnalysisOrigin
    ) {
        self.patient = patient
        self.patientSource = patientSource
        self.scan = scan
        self.scanSHA256 = scanSHA256
        self.outcome = outcome
        self.isReplaced = isReplaced
        self.origin = origin
    }
}
