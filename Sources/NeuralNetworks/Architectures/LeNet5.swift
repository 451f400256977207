/// Source: LeCun et al., "Gradient-based learning applied to document recognition", 1998.
public struct LeNet5: Architecture {
    public var classes: Int

    public init(classes: Int = 10) { self.classes = classes }

    public var name: String { "LeNet-5" }
    public var standardInput: ImageShape { ImageShape(channels: 1, height: 32, width: 32) }
    public var takesAnySize: Bool { false }

    public func build(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        var x = try network.convolution(input, "c1", channels: 6, kernel: 5)
        x = try network.averagePooling(network.tanh(x), kernel: 2, stride: 2)
        x = try network.convolution(x, "c3", channels: 16, kernel: 5)
        x = try network.averagePooling(network.tanh(x), kernel: 2, stride: 2)
        x = try network.tanh(network.linear(network.flatten(x), "c5", features: 120))
        x = try network.tanh(network.linear(x, "f6", features: 84))
        return try network.linear(x, "output", features: classes)
    }
}
