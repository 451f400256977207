import Listings

/// Why the viewer cannot start.
public struct ViewerError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// Leaflet is not installed.
        case missing
        /// The address is taken, or not this machine's.
        case cannotListen
        /// The kernel does not confine the processes that read scans.
        case unconfined
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
