import Findings

/// What became of a merge.
public struct MergeReport: Sendable {
    public struct Source: Sendable {
        /// As it was given.
        public let path: String
        public let outcome: Outcome
    }

    public enum Outcome: Sendable {
        case merged(MergeCounts)
        /// All of it was merged before, but for what it said otherwise than another one of these scans.
        case known(conflicts: [ContentHash])
        /// Nothing of it was merged.
        case refused(StoreError)
    }

    /// In the order in which they were given.
    public let sources: [Source]
    /// The run that stands for the night: what each source saw last was seen as of it. Nil where there is none.
    public let lastRun: Int64?
    public let reviews: ReviewMerge

    /// Of all sources.
    public var counts: MergeCounts {
        sources.reduce(into: MergeCounts()) { sum, source in
            switch source.outcome {
            case .merged(let counts): sum.add(counts)
            case .known(let conflicts): sum.conflicts += conflicts
            case .refused: break
            }
        }
    }
}

/// What a merge brought in, and what it did not.
public struct MergeCounts: Sendable {
    public internal(set) var scans = 0
    public internal(set) var files = 0
    public internal(set) var analyses = 0
    public internal(set) var findings = 0
    /// Analyses that made way for newer ones by another spacing of the manifest, or within other outlines.
    public internal(set) var replaced = 0
    /// Older analyses of scans of which the database has newer ones: they would have counted as the newest.
    public internal(set) var outdated = 0
    /// Scans of which two databases say different things by the same pipeline: what was there first stands.
    public internal(set) var conflicts: [ContentHash] = []

    mutating func add(_ other: MergeCounts) {
        scans += other.scans
        files += other.files
        analyses += other.analyses
        findings += other.findings
        replaced += other.replaced
        outdated += other.outdated
        conflicts += other.conflicts
    }
}
