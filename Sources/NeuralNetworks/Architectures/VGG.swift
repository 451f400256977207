/// Stacks of 3 x 3 convolutions, with parameters named as in PyTorch's.
///
/// Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
/// recognition", 2014, table 1 (columns A, D and E).
public struct VGG: Architecture {
    /// Layers with weights.
    public enum Depth: Int, Sendable, Hashable, CaseIterable {
        case eleven = 11
        case sixteen = 16
        case nineteen = 19
    }

    /// What follows each convolution, before its ReLU.
    public enum Normalisation: Sendable, Hashable {
        case none, batch
    }

    public var depth: Depth
    public var normalisation: Normalisation
    public var classes: Int

    public init(_ depth: Depth, normalisation: Normalisation = .none, classes: Int = 1000) {
        self.depth = depth
        self.normalisation = normalisation
        self.classes = classes
    }

    public var name: String { "VGG-\(depth.rawValue)" + (normalisation == .batch ? "-BN" : "") }
    public var standardInput: ImageShape { ImageShape(channels: 3, height: 224, width: 224) }
    public var takesAnySize: Bool { false }

    /// Convolutions in each of the five stages.
    private var stages: [Int] {
        switch depth {
        case .eleven: [1, 1, 2, 2, 2]
        case .sixteen: [2, 2, 3, 3, 3]
        case .nineteen: [2, 2, 4, 4, 4]
        }
    }

    public func build(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        var x = input
        var index = 0
        for (channels, count) in zip([64, 128, 256, 512, 512], stages) {
            for _ in 0..<count {
                x = try network.convolution(x, "features.\(index)", channels: channels, kernel: 3, padding: 1)
                if normalisation == .batch { x = try network.batchNormalization(x, "features.\(index + 1)") }
                x = try network.relu(x)
                index += normalisation == .batch ? 3 : 2
            }
            x = try network.maxPooling(x, kernel: 2, stride: 2)
            index += 1
        }
        x = try network.relu(network.linear(network.flatten(x), "classifier.0", features: 4096))
        x = try network.relu(network.linear(network.dropout(x), "classifier.3", features: 4096))
        return try network.linear(network.dropout(x), "classifier.6", features: classes)
    }
}
