/// Why fixtures could not be made.
public struct FixtureError: Error, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The flavour cannot hold the pixels.
        case unrepresentable
        /// The request makes no sense.
        case misuse
        /// A file or folder could not be written or read back.
        case inputOutput
    }

    public var kind: Kind
    /// One line.
    public var message: String
    public var underlying: (any Error)?

    init(_ kind: Kind, _ message: String, underlying: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.underlying = underlying
    }

    public var description: String {
        underlying.map { "\(message): \($0)" } ?? message
    }
}
