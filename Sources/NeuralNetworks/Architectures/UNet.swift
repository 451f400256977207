/// A contracting path, an expanding one, and connections across at every resolution; with batch
/// normalisation and padded convolutions, as is usual now.
///
/// Source: Ronneberger et al., "U-Net: Convolutional networks for biomedical image segmentation", 2015.
public struct UNet: Architecture {
    /// How often the resolution is halved; images must be divisible by 2 to its power.
    public var depth: Int
    /// Channels at full resolution; each halving doubles them.
    public var baseChannels: Int
    public var classes: Int

    public init(depth: Int = 4, baseChannels: Int = 64, classes: Int = 2) {
        self.depth = depth
        self.baseChannels = baseChannels
        self.classes = classes
    }

    public var name: String { "U-Net-\(baseChannels)" }
    public var standardInput: ImageShape { ImageShape(channels: 3, height: 256, width: 256) }
    public var takesAnySize: Bool { true }

    public func build(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        try network.convolution(features(&network, input), "head", channels: classes, kernel: 1)
    }

    /// All but the last layer: `baseChannels` channels at the input's resolution.
    func features(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        guard 1...8 ~= depth, 1...1024 ~= baseChannels else {
            throw OperatorError(.attributes, "a U-Net of depth \(depth) and \(baseChannels) channels is not built")
        }
        var x = try block(&network, input, "down0", channels: baseChannels)
        var skipped: [NetworkBuilder.Value] = []
        for level in 1...depth {
            skipped.append(x)
            x = try network.maxPooling(x, kernel: 2, stride: 2)
            x = try block(&network, x, "down\(level)", channels: baseChannels << level)
        }
        for level in (0..<depth).reversed() {
            let channels = baseChannels << level
            x = try network.upConvolution(x, "up\(level).transpose", channels: channels)
            x = try network.concatenation(skipped[level], x, name: "up\(level).concatenation")
            x = try block(&network, x, "up\(level)", channels: channels)
        }
        return x
    }

    /// Two convolutions.
    private func block(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value, _ name: String, channels: Int
    ) throws -> NetworkBuilder.Value {
        var x = input
        for index in 1...2 {
            x = try network.convolution(
                x, "\(name).conv\(index)", channels: channels, kernel: 3, padding: 1, bias: .none)
            x = try network.relu(network.batchNormalization(x, "\(name).bn\(index)"))
        }
        return x
    }
}
