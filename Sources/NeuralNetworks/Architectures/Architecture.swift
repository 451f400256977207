/// A classic network: builds itself, layer by layer, with seeded random weights.
public protocol Architecture: Sendable {
    /// Such as `ResNet-18`.
    var name: String { get }

    /// The input that the paper has, for which the published parameter count holds.
    var standardInput: ImageShape { get }

    /// Whether the network takes images of any height and width.
    var takesAnySize: Bool { get }

    /// Adds the layers, and returns the last one's output.
    func build(_ network: inout NetworkBuilder, _ input: NetworkBuilder.Value) throws
        -> NetworkBuilder.Value

    /// Adds what follows on the last layer: the network's outputs, by their names.
    func heads(_ network: inout NetworkBuilder, on last: NetworkBuilder.Value) throws
        -> [(name: String, value: NetworkBuilder.Value)]
}

/// Channels, height and width of one image.
public struct ImageShape: Sendable, Hashable {
    public let channels: Int
    public let height: Int
    public let width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }
}

extension Architecture {
    /// One output, named `output`.
    public func heads(
        _ network: inout NetworkBuilder, on last: NetworkBuilder.Value
    ) throws -> [(name: String, value: NetworkBuilder.Value)] { [("output", last)] }

    /// The network over images `[N, C, H, W]` named `input`.
    ///
    /// - Parameters:
    ///   - input: the image's shape, the standard one where it is nil.
    ///   - seed: equal seeds give equal weights.
    /// - Throws: ``GraphError`` where the input is too small for the network.
    public func graph(input: ImageShape? = nil, seed: UInt64 = 0) throws(GraphError) -> Graph {
        let image = input ?? standardInput
        guard min(image.channels, image.height, image.width) > 0 else {
            throw GraphError("input", "an image of \(image.channels) x \(image.height) x \(image.width) is empty")
        }
        var network = NetworkBuilder(seed: seed)
        let outputs: [(name: String, value: NetworkBuilder.Value)]
        do {
            let last = try build(
                &network, NetworkBuilder.Value(name: "input", shape: [1, image.channels, image.height, image.width]))
            outputs = try heads(&network, on: last)
        } catch {
            throw GraphError(name, "cannot take \(image.channels) x \(image.height) x \(image.width): \(error)")
        }
        let size: [Graph.Dimension] =
            takesAnySize ? [.symbolic("H"), .symbolic("W")] : [.fixed(image.height), .fixed(image.width)]
        let port = Graph.Port(
            name: "input", elementType: .float32, dimensions: [.symbolic("N"), .fixed(image.channels)] + size)
        let ports = outputs.map { name, value in
            let isOfInputsSize = value.shape.rank == 4 && value.shape[2] == image.height
            let rest = isOfInputsSize ? size : value.shape.dimensions.dropFirst(2).map { _ in .symbolic(nil) }
            return Graph.Port(
                name: name, elementType: .float32, dimensions: [.symbolic("N"), .fixed(value.shape[1])] + rest)
        }
        return try network.graph(name: name, input: port, from: outputs.map(\.value), outputs: ports)
    }
}
