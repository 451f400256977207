/// Blocks of convolutions whose input is added to their output, with parameters named as in
/// PyTorch's, which strides in a bottleneck's 3 x 3 convolution.
///
/// Source: He et al., "Deep residual learning for image recognition", 2015, table 1.
public struct ResNet: Architecture {
    /// Layers with weights.
    public enum Depth: Int, Sendable, Hashable, CaseIterable {
        case eighteen = 18
        case thirtyFour = 34
        case fifty = 50
        case hundredAndOne = 101
    }

    public var depth: Depth
    public var classes: Int

    public init(_ depth: Depth, classes: Int = 1000) {
        self.depth = depth
        self.classes = classes
    }

    public var name: String { "ResNet-\(depth.rawValue)" }
    public var standardInput: ImageShape { ImageShape(channels: 3, height: 224, width: 224) }
    public var takesAnySize: Bool { true }

    /// Blocks in each of the four stages.
    private var stages: [Int] {
        switch depth {
        case .eighteen: [2, 2, 2, 2]
        case .thirtyFour, .fifty: [3, 4, 6, 3]
        case .hundredAndOne: [3, 4, 23, 3]
        }
    }

    private var hasBottlenecks: Bool { depth == .fifty || depth == .hundredAndOne }

    public func build(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        var x = try network.convolution(
            input, "conv1", channels: 64, kernel: 7, stride: 2, padding: 3, bias: .none)
        x = try network.relu(network.batchNormalization(x, "bn1"))
        x = try network.maxPooling(x, kernel: 3, stride: 2, padding: 1)
        for (stage, count) in stages.enumerated() {
            for block in 0..<count {
                x = try self.block(
                    &network, x, "layer\(stage + 1).\(block)", width: 64 << stage,
                    stride: stage > 0 && block == 0 ? 2 : 1)
            }
        }
        return try network.linear(network.flatten(network.globalAveragePooling(x)), "fc", features: classes)
    }

    private func block(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value, _ name: String, width: Int, stride: Int
    ) throws -> NetworkBuilder.Value {
        let channels = hasBottlenecks ? 4 * width : width
        // Kernel, channels and stride of each convolution.
        let layers =
            hasBottlenecks
            ? [(1, width, 1), (3, width, stride), (1, channels, 1)] : [(3, width, stride), (3, channels, 1)]
        var x = input
        for (index, (kernel, channels, stride)) in layers.enumerated() {
            if index > 0 { x = try network.relu(x) }
            x = try network.convolution(
                x, "\(name).conv\(index + 1)", channels: channels, kernel: kernel, stride: stride,
                padding: kernel / 2, bias: .none)
            x = try network.batchNormalization(x, "\(name).bn\(index + 1)")
        }
        var shortcut = input
        if stride > 1 || input.channels != channels {
            shortcut = try network.convolution(
                input, "\(name).downsample.0", channels: channels, kernel: 1, stride: stride, bias: .none)
            shortcut = try network.batchNormalization(shortcut, "\(name).downsample.1")
        }
        return try network.relu(network.sum(x, shortcut, name: "\(name).sum"))
    }
}
