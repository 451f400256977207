import Findings

/// Why findings cannot be held against the truth. Names a line of the manifest, never what stands in it.
public struct EvaluationError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The manifest is no table, or a record of it says nothing.
        case unusableManifest
        /// A mask cannot be read, or is not of its scan's size.
        case unusableMask
        /// The database's geometry of a region cannot be read.
        case unusableFinding
    }

    public let kind: Kind
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension EvaluationError: CustomStringConvertible {
    public var description: String { message }
}
