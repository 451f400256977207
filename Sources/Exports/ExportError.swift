/// Why an export did not come to its end.
public struct ExportError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The file or folder cannot be made there.
        case cannotCreate
        case inputOutput
        /// The database holds a finding that cannot be.
        case damagedFinding
        /// What is asked for has nothing that the form could hold.
        case nothing
        /// What is asked for is more than one thing, of which the form holds one.
        case ambiguous
    }

    public let kind: Kind
    /// One line, without patient data but for the place that was given.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
