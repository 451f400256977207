/// Puts a network together layer by layer, and draws its weights.
///
/// Each parameter is drawn from its own stream, seeded by the network's seed and the parameter's
/// name, so that another program can draw the same ones in any order.
public struct NetworkBuilder {
    /// A layer's output: its name and its shape for one image.
    public struct Value: Sendable {
        public let name: String
        public let shape: Shape

        public init(name: String, shape: Shape) {
            self.name = name
            self.shape = shape
        }

        /// Channels, or features.
        public var channels: Int { shape[1] }
    }

    private let seed: UInt64
    private var nodes: [Graph.Node] = []
    private var initializers: [String: Tensor] = [:]

    public init(seed: UInt64) { self.seed = seed }

    /// Adds an operator over values and parameters already there.
    mutating func add(
        _ operation: some Operator, _ inputs: [Value], parameters: [String] = [], name: String
    ) throws -> Value {
        let known = inputs.map { KnownValue(type: TensorType(elementType: .float32, shape: $0.shape)) }
        let constants = parameters.compactMap { initializers[$0] }.map { KnownValue(type: $0.type, constant: $0) }
        let type = try operation.outputTypes(for: known + constants)[0]
        nodes.append(
            Graph.Node(name: name, operation: operation, inputs: inputs.map(\.name) + parameters, outputs: [name]))
        return Value(name: name, shape: type.shape)
    }

    /// Draws a parameter, uniform in `range`.
    mutating func draw(_ name: String, _ extents: [Int], in range: ClosedRange<Float>) throws -> String {
        guard let shape = Shape(checking: extents), shape.elementCount <= Self.largestParameter else {
            throw OperatorError(.size, "the parameter \(name) would have the shape \(extents)")
        }
        var generator = SplitMix64(seed: seed ^ SplitMix64.seed(of: name))
        let extent = range.upperBound - range.lowerBound
        initializers[name] = Tensor(
            shape: shape, (0..<shape.elementCount).map { _ in range.lowerBound + generator.nextFraction() * extent })
        return name
    }

    /// The finished network, its last values renamed to the outputs' names.
    func graph(
        name: String, input: Graph.Port, from last: [Value], outputs: [Graph.Port]
    ) throws(GraphError) -> Graph {
        var nodes = nodes
        for (value, output) in zip(last, outputs) {
            for index in nodes.indices where nodes[index].outputs == [value.name] {
                nodes[index].outputs = [output.name]
            }
        }
        return try Graph(name: name, inputs: [input], outputs: outputs, initializers: initializers, nodes: nodes)
    }

    /// Elements; more than the largest published layer has, less than would fill a machine.
    private static let largestParameter = 1 << 29
}
