/// Why something cannot be learned. Names lines of the manifest, never what stands in them.
public struct LearningError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The labels, or the scans that they are of.
        case labels
        /// What must be said otherwise to begin.
        case usage
        /// The stage does what cannot be learned here.
        case unsupported
        /// Settings that are not those that a training began with.
        case settings
        /// The output's folder, or a checkpoint in it.
        case output
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
