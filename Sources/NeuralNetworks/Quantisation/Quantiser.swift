/// Writes a network of float32 as one of 8-bit integers: QuantizeLinear and DequantizeLinear around its layers, as the ONNX
/// standard has it, so that every engine computes the same.
///
/// Layers are convolutions, transposed ones without groups, and products of matrices, all with constant weights. Weights
/// become `int8` with a scale for each channel of the result (`max |w| / 127`), activations `uint8` with a scale and a zero
/// point for each value, from the least and the largest number that calibration met, 0 among them. Between two layers values
/// stay integers through ReLU and other pieces of lines, additions, pools, joins and views; other functions see numbers.
///
/// Source: Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", 2018.
public struct Quantiser {
    /// The network as it was, with copies of constants as constants: PyTorch's exporter gives layers of equal weights such.
    public let graph: Graph

    public init(_ graph: Graph) {
        var graph = graph
        let outputs = Set(graph.outputs.map(\.name))
        graph.nodes.removeAll { node in
            guard node.operation is Identity, let input = node.inputs[0], let constant = graph.initializers[input],
                let copy = node.outputs[0], !outputs.contains(copy)
            else { return false }
            graph.initializers[copy] = constant
            return true
        }
        self.graph = graph
    }

    /// The names of the layers that can be computed in integers, in their order.
    public var layers: [String] { graph.nodes.filter { graph.isLayer($0) }.map(\.name) }

    /// The values whose ranges ``quantised(_:)`` needs, where they are numbers: a join may also be one of extents.
    public var values: [String] {
        let moved = graph.nodes.filter { graph.isLayer($0) || graph.passesIntegers($0) }
        let names = moved.flatMap { [$0.inputs[0]] + $0.outputs + graph.tail(of: $0) + Array($0.inputs.dropFirst()) }
        let floats = Set(graph.initializers.keys)
        var seen = Set<String>()
        return names.compactMap { $0 }.filter { !floats.contains($0) && seen.insert($0).inserted }
    }

    /// The network in integers, as a plan has it.
    ///
    /// - Throws: ``GraphError`` where the plan lacks the range of a value.
    public func quantised(_ plan: QuantisationPlan) throws -> Graph {
        var writer = QuantisedGraph(graph, plan)
        for node in graph.nodes { try writer.append(node) }
        return try writer.finished()
    }
}

extension Graph {
    /// Whether a node multiplies a value by constant weights.
    func isLayer(_ node: Node) -> Bool {
        guard node.inputs.count > 1, let name = node.inputs[1], let weights = initializers[name], weights.floats != nil,
            let input = node.inputs[0], initializers[input] == nil,
            node.inputs.count < 3 || node.inputs[2] == nil
                || node.inputs[2].flatMap({ initializers[$0]?.floats }) != nil
        else { return false }
        switch node.operation {
        case is Convolution: return weights.shape.rank >= 3
        case let operation as ConvolutionTranspose: return operation.groups == 1
        case let operation as Gemm: return !operation.transposeA && operation.alpha == 1 && operation.beta == 1
        case is MatrixMultiplication: return weights.shape.rank == 2
        default: return false
        }
    }

    /// Whether a node's result stays integers where all that it reads is.
    func passesIntegers(_ node: Node) -> Bool { movesIntegers(node) || isSum(node) || node.operation is Concatenation }

    /// Whether a node's result has the numbers of its first input, and no others.
    func movesIntegers(_ node: Node) -> Bool {
        node.operation is MaxPooling && node.outputs.count == 1 || node.operation is Flatten
            || node.operation is Reshape
    }

    func isSum(_ node: Node) -> Bool {
        guard node.inputs.count == 2, node.inputs.allSatisfy({ $0.map { initializers[$0] == nil } ?? false }) else {
            return false
        }
        return (node.operation as? BinaryElementwise)?.function == .add
    }

    /// The result of the function that alone follows a node, where that is made of pieces of lines; else the node's own.
    func tail(of node: Node) -> [String] {
        guard let output = node.outputs.first ?? nil else { return [] }
        let readers = nodes.filter { $0.inputs.contains(output) }
        guard readers.count == 1, !outputs.contains(where: { $0.name == output }), Self.isPiecewiseLinear(readers[0]),
            let result = readers[0].outputs.first ?? nil
        else { return [output] }
        return [result]
    }

    static func isPiecewiseLinear(_ node: Node) -> Bool {
        switch (node.operation as? UnaryElementwise)?.function {
        case .relu, .leakyRelu: true
        default: node.operation is Clip
        }
    }
}
