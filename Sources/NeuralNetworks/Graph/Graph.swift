/// A network as a directed acyclic graph of operators over named values.
///
/// Nodes stand in an order in which each one's inputs are computed before it. A value is named by
/// a string, as in ONNX, and written once: by a graph input, an initializer or one node.
public struct Graph: Sendable {
    /// An input or output of the network with the shape that its file declares.
    public struct Port: Sendable, Hashable {
        public let name: String
        public let elementType: ElementType
        /// One for each axis. An output that its file declares without a shape has none here.
        public let dimensions: [Dimension]

        public init(name: String, elementType: ElementType, dimensions: [Dimension]) {
            self.name = name
            self.elementType = elementType
            self.dimensions = dimensions
        }
    }

    /// The extent of a port along one axis.
    public enum Dimension: Sendable, Hashable {
        case fixed(Int)
        /// Chosen by the caller; equal names mean equal extents. Nil where the file names none.
        case symbolic(String?)
    }

    /// One application of an operator.
    public struct Node: Sendable {
        public var name: String
        public var operation: any Operator
        /// Value names; nil for an omitted optional input.
        public var inputs: [String?]
        /// Value names; nil for an output that nobody reads.
        public var outputs: [String?]

        public init(name: String, operation: any Operator, inputs: [String?], outputs: [String?]) {
            self.name = name
            self.operation = operation
            self.inputs = inputs
            self.outputs = outputs
        }
    }

    public var name: String
    /// What a caller must give; initializers are not among them.
    public var inputs: [Port]
    public var outputs: [Port]
    /// Constants (weights) by value name.
    public var initializers: [String: Tensor]
    public var nodes: [Node]

    /// - Throws: ``GraphError`` naming everything that is wrong: undefined or doubly defined
    ///   values, cycles.
    public init(
        name: String, inputs: [Port], outputs: [Port], initializers: [String: Tensor], nodes: [Node]
    ) throws(GraphError) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.initializers = initializers
        self.nodes = try Graph.ordered(nodes, inputs: inputs, outputs: outputs, initializers: initializers)
    }
}
