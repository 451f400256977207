/// Whoever a scan is of.
public struct Patient: Sendable, Hashable {
    /// Where a patient's id was read.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        case manifest
        case pattern
        /// The name of the folder that holds the scan.
        case folder
    }

    public let id: String
    public let source: Source

    public init(id: String, source: Source) {
        self.id = id
        self.source = source
    }
}
