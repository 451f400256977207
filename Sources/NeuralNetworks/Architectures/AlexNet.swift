/// In the one-column form, with parameters named as in PyTorch's.
///
/// Source: Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014.
public struct AlexNet: Architecture {
    public var classes: Int

    public init(classes: Int = 1000) { self.classes = classes }

    public var name: String { "AlexNet" }
    public var standardInput: ImageShape { ImageShape(channels: 3, height: 224, width: 224) }
    public var takesAnySize: Bool { false }

    public func build(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        var x = try network.relu(
            network.convolution(input, "features.0", channels: 64, kernel: 11, stride: 4, padding: 2))
        x = try network.maxPooling(x, kernel: 3, stride: 2)
        x = try network.relu(network.convolution(x, "features.3", channels: 192, kernel: 5, padding: 2))
        x = try network.maxPooling(x, kernel: 3, stride: 2)
        x = try network.relu(network.convolution(x, "features.6", channels: 384, kernel: 3, padding: 1))
        x = try network.relu(network.convolution(x, "features.8", channels: 256, kernel: 3, padding: 1))
        x = try network.relu(network.convolution(x, "features.10", channels: 256, kernel: 3, padding: 1))
        x = try network.maxPooling(x, kernel: 3, stride: 2)
        x = try network.dropout(network.flatten(x))
        x = try network.relu(network.linear(x, "classifier.1", features: 4096))
        x = try network.relu(network.linear(network.dropout(x), "classifier.4", features: 4096))
        return try network.linear(x, "classifier.6", features: classes)
    }
}
