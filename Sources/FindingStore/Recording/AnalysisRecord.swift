import Findings
import FoundationEssentials

/// A file that a run saw, and whose it is.
public struct Sighting: Sendable, Hashable {
    /// The folder that was given, absolute.
    public let folder: String
    /// Relative to the folder.
    public let path: String
    public let patient: Patient
    /// What the file system says of the file; remembered with its hash, so that an unchanged file is not read again.
    public let stamp: FileStamp?

    public init(folder: String, path: String, patient: Patient, stamp: FileStamp? = nil) {
        self.folder = folder
        self.path = path
        self.patient = patient
        self.stamp = stamp
    }
}

/// One analysis as it is recorded, in one transaction.
public struct AnalysisRecord: Sendable {
    public let run: Int64
    /// The pipeline's fingerprint, which is the run's.
    public let pipeline: ContentHash
    public let subject: Subject
    /// Within which it looked; nil where it looked everywhere.
    public let outlines: RegionsOfInterest?
    public let startedAt: Date
    public let finishedAt: Date

    /// What was analysed, and how that ended.
    public enum Subject: Sendable {
        /// A scan, with every file that has its bytes.
        case scan(Scan, sightings: [Sighting], outcome: AnalysisOutcome)
        /// A file that could not be opened or hashed, so that only its place is known.
        case unopened(Sighting, failure: AnalysisFailure)
    }

    public init(
        run: Int64, pipeline: ContentHash, subject: Subject, outlines: RegionsOfInterest? = nil, startedAt: Date,
        finishedAt: Date
    ) {
        self.outlines = outlines
        self.run = run
        self.pipeline = pipeline
        self.subject = subject
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}

/// What became of a record.
public enum RecordingResult: Sendable, Hashable {
    case recorded(analysis: Int64)
    /// The scan was done by this pipeline already: the first analysis stands, only the sightings were recorded.
    case alreadyDone
}
