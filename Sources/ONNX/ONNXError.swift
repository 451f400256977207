/// Why an ONNX file cannot be used, or a graph not be written as one: everything that is wrong, at once.
public struct ONNXError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The file cannot be read.
        case io
        /// Not an ONNX file, or one that contradicts itself.
        case malformed
        /// Valid, but uses what this program does not have.
        case unsupported
        /// Larger than the limit.
        case limit
    }

    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        public let kind: Kind
        /// The node, value or tensor at fault; nil where it is the file as a whole.
        public let place: String?
        public let message: String

        public init(_ kind: Kind, place: String? = nil, _ message: String) {
            self.kind = kind
            self.place = place
            self.message = message
        }

        public var description: String { place.map { "\($0): \(message)" } ?? message }
    }

    public let problems: [Problem]

    init(_ problems: [Problem]) { self.problems = problems }

    init(_ kind: Kind, place: String? = nil, _ message: String) {
        self.init([Problem(kind, place: place, message)])
    }

    public var description: String { problems.map(\.description).joined(separator: "; ") }
}
