/// How one layer of a compiled network is computed.
public struct LayerDescription: Sendable, Hashable {
    /// The name of the graph's node.
    public let name: String
    /// The ONNX operator type.
    public let operatorName: String
    /// The nodes that were fused into this one, such as its batch normalisation and activation.
    public let fusedNodes: [String]
    /// What the engine calls its implementation, such as `jit:avx512_core` or `winograd 4x4 of 3x3`; nil where the
    /// operator's plain definition runs.
    public let implementation: String?
    /// The type of the numbers that are multiplied.
    public let precision: String
    public let outputShape: Shape
    /// Additions and multiplications, as the operator's definition counts them.
    public let operationCount: Int

    /// Whether no fast implementation takes this operator, and its plain definition runs.
    public var isFallback: Bool { implementation == nil }

    public init(
        name: String, operatorName: String, fusedNodes: [String], implementation: String?, precision: String,
        outputShape: Shape, operationCount: Int
    ) {
        self.name = name
        self.operatorName = operatorName
        self.fusedNodes = fusedNodes
        self.implementation = implementation
        self.precision = precision
        self.outputShape = outputShape
        self.operationCount = operationCount
    }

    /// That of a batch of `groups` groups of images, from that of one group.
    package func repeated(_ groups: Int) -> LayerDescription {
        guard groups > 1 else { return self }
        let images = outputShape[0] * groups
        return LayerDescription(
            name: name, operatorName: operatorName, fusedNodes: fusedNodes, implementation: implementation,
            precision: precision, outputShape: Shape([images] + outputShape.dimensions.dropFirst()),
            operationCount: operationCount * groups)
    }
}
