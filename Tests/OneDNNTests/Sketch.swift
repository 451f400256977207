import NeuralNetworks

/// Draws small networks with seeded weights, value by value.
struct Sketch {
    private var nodes: [Graph.Node] = []
    private var inputs: [Graph.Port] = []
    private var initializers: [String: Tensor] = [:]
    private var shapes: [String: Shape] = [:]
    private var random: SplitMix64

    init(seed: UInt64 = 1) { random = SplitMix64(seed: seed) }

    mutating func input(_ shape: Shape) -> String {
        let name = "input\(inputs.count)"
        inputs.append(Graph.Port(name: name, elementType: .float32, dimensions: shape.dimensions.map { .fixed($0) }))
        shapes[name] = shape
        return name
    }

    mutating func constant(_ shape: Shape, scale: Float = 1, offset: Float = 0) -> String {
        let elements = (0..<shape.elementCount).map { _ in random.nextSigned() * scale + offset }
        return constant(Tensor(shape: shape, elements))
    }

    mutating func constant(_ tensor: Tensor) -> String {
        let name = "constant\(initializers.count)"
        initializers[name] = tensor
        shapes[name] = tensor.shape
        return name
    }

    mutating func apply(_ operation: any Operator, _ arguments: String?...) throws -> String {
        try apply(operation, to: arguments)
    }

    mutating func apply(_ operation: any Operator, to arguments: [String?]) throws -> String {
        let name = "\(operation.name)\(nodes.count)"
        nodes.append(Graph.Node(name: name, operation: operation, inputs: arguments, outputs: [name]))
        let known = arguments.map { argument in
            argument.flatMap { name in
                shapes[name].map {
                    KnownValue(
                        type: initializers[name]?.type ?? TensorType(elementType: .float32, shape: $0),
                        constant: initializers[name])
                }
            }
        }
        shapes[name] = try operation.outputTypes(for: known)[0].shape
        return name
    }

    func shape(_ value: String) -> Shape { shapes[value] ?? [] }

    /// A convolution of seeded weights, by default one that keeps the extents.
    mutating func convolution(
        _ data: String, _ channels: Int, kernel: [Int] = [3, 3], strides: [Int]? = nil, pads: [Int]? = nil,
        dilations: [Int]? = nil, groups: Int = 1, bias: Bool = true
    ) throws -> String {
        let taps = kernel.reduce(1, *)
        let inner = shape(data)[1] / groups
        let weights = constant(Shape([channels, inner] + kernel), scale: 1 / Float(inner * taps).squareRoot())
        let offset: String? = bias ? constant([channels], scale: 0.5) : nil
        let same = kernel.map { $0 / 2 }
        let window = Window(strides: strides, pads: pads ?? same + same, dilations: dilations)
        return try apply(Convolution(window: window, groups: groups), data, weights, offset)
    }

    mutating func batchNormalization(_ data: String) throws -> String {
        let channels: Shape = [shape(data)[1]]
        return try apply(
            BatchNormalization(), data, constant(channels, offset: 1), constant(channels, scale: 0.3),
            constant(channels, scale: 0.3), constant(channels, scale: 0.4, offset: 1))
    }

    mutating func relu(_ data: String) throws -> String { try apply(UnaryElementwise(.relu), data) }

    mutating func concatenation(_ parts: [String], axis: Int = 1) throws -> String {
        try apply(Concatenation(axis: axis), to: parts)
    }

    func graph(_ outputs: String...) throws -> Graph {
        let ports = outputs.map { name in
            Graph.Port(name: name, elementType: .float32, dimensions: shape(name).dimensions.map { .fixed($0) })
        }
        return try Graph(name: "sketch", inputs: inputs, outputs: ports, initializers: initializers, nodes: nodes)
    }
}

extension SplitMix64 {
    /// In -1...1.
    mutating func nextSigned() -> Float { 2 * nextFraction() - 1 }

    mutating func tensor(_ shape: Shape) -> Tensor {
        Tensor(shape: shape, (0..<shape.elementCount).map { _ in nextSigned() })
    }
}
