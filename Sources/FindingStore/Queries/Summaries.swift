import Findings
import Listings

/// What the database holds of one patient.
public struct PatientSummary: Sendable, Hashable {
    public let id: String
    /// Of the database's row: stands for the patient where the id must not be seen.
    public let number: Int64
    public let scans: Int
    /// Current analyses by how they ended.
    public let withFindings: Int
    public let withoutTissue: Int
    public let rejected: Int
    /// Failures that nothing done since has put right.
    public let failed: Int
    /// Regions found by current analyses.
    public let regions: Int
    public let lastAnalysedAt: Timestamp?
}

/// One patient's scan.
public struct ScanSummary: Sendable, Hashable {
    public let patient: Patient
    public let folder: String
    public let path: String
    public let scan: Scan
    /// The file at this path has had other bytes since.
    public let isReplaced: Bool
    public let firstRun: Int64
    public let lastRun: Int64
    /// What the newest done analysis says to know of it, and whether another scan lay in its place before: one sentence each.
    public let remarks: [String]
}

/// One invocation of the batch, and how it ended.
public struct RunSummary: Sendable, Hashable {
    public let id: Int64
    public let run: RunDescription
    public let pipeline: String
    public let pipelineSHA256: ContentHash
    /// Nil for a run that is under way, or was killed.
    public let end: End?

    public struct End: Sendable, Hashable {
        public let ending: RunEnding
        public let at: Timestamp
        public let counts: RunCounts
    }
}
