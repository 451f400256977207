import Findings

/// What all workers of a run have in common.
public struct WorkerSettings: Sendable {
    let command: WorkerCommand
    /// The fingerprint that a worker must greet with.
    let pipeline: ContentHash
    let timeout: ScanTimeout

    public init(command: WorkerCommand, pipeline: ContentHash, timeout: ScanTimeout = .scaled) {
        self.command = command
        self.pipeline = pipeline
        self.timeout = timeout
    }
}

/// One scan as a worker is asked for it.
struct ScanRequest: Sendable {
    let scan: DiscoveredScan
    /// In micrometres per level-0 pixel, from the manifest.
    let spacing: Double?
    let byteCount: Int64
}
