/// Why an ``Engine`` cannot compile or run a network.
public struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The processor lacks the instructions that the precision needs.
        case unsupportedPrecision
        /// The graph, or a tensor given to it, is not what the engine can take.
        case graph
        /// Memory could not be had.
        case memory
        /// The library that the engine is built on is not the one that it needs, or refused a call that should have
        /// succeeded.
        case library
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
