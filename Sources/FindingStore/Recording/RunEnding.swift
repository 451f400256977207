/// How a run ended.
public enum RunEnding: String, Sendable, Hashable, CaseIterable {
    case completed
    /// Its time was up before all scans were done.
    case deadline
    /// It was asked to stop.
    case interrupted
}

/// What a run did with the scans that it found.
public struct RunCounts: Sendable, Hashable {
    public var found: Int
    /// Analysed to the end: with findings, without tissue, or rejected.
    public var done: Int
    /// Done by an earlier run.
    public var skipped: Int
    public var failed: Int
    /// Left for the next run.
    public var left: Int

    public init(found: Int, done: Int, skipped: Int, failed: Int, left: Int) {
        self.found = found
        self.done = done
        self.skipped = skipped
        self.failed = failed
        self.left = left
    }
}
