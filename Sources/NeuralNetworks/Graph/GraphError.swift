/// What is wrong with a graph, or with the inputs that it is given: all of it at once.
public struct GraphError: Error, Sendable, Hashable, CustomStringConvertible {
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The node, value or input at fault; nil where it is the graph as a whole.
        public let place: String?
        public let message: String

        public init(place: String?, message: String) {
            self.place = place
            self.message = message
        }

        public var description: String { place.map { "\($0): \(message)" } ?? message }
    }

    public let problems: [Problem]

    public init(_ problems: [Problem]) { self.problems = problems }

    public init(_ place: String?, _ message: String) { self.init([Problem(place: place, message: message)]) }

    public var description: String { problems.map(\.description).joined(separator: "; ") }
}
