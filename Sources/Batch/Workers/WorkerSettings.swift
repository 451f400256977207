import Findings

/// What all workers of a run have in common.
public struct WorkerSettings: Sendable {
    let command: WorkerCommand
    /// The fingerprint that a worker must greet with.
    let pipeline: ContentHash
    let timeout: ScanTimeout
    /// Whether a kernel that does not confine workers is none to run them on.
    let requiresConfinement: Bool
    /// How labels are read, where they are.
    let labels: LabelReader?

    public init(
        command: WorkerCommand, pipeline: ContentHash, timeout: ScanTimeout = .scaled,
        requiresConfinement: Bool = false,
        labels: LabelReader? = nil
    ) {
        self.labels = labels
        self.command = command
        self.pipeline = pipeline
        self.timeout = timeout
        self.requiresConfinement = requiresConfinement
    }
}

/// A file's bytes, by their hash, with what the file system said of the file when it held them.
public struct HashedFile: Sendable, Hashable {
    public let sha256: ContentHash
    public let stamp: FileStamp

    public init(sha256: ContentHash, stamp: FileStamp) {
        self.sha256 = sha256
        self.stamp = stamp
    }
}
