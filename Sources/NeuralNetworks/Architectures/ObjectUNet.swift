/// A U-Net below full resolution, with a head for each thing that a detection says of a cell.
///
/// Sources: Schmidt et al., "Cell detection with star-convex polygons", 2018; Zhou, Wang and Krähenbühl, "Objects as points", 2019,
/// whose biases begin so that hardly anything is found (Lin et al., "Focal loss for dense object detection", 2017).
public struct ObjectUNet: Architecture {
    /// How it says where objects are, by the words of a card.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// At half the resolution `probability` `[N, K, h, w]`, a logit, and `distances` `[N, 32, h, w]` in pixels.
        case starConvex = "star-convex"
        /// At a quarter of it `heat` `[N, K, h, w]`, a logit, `sizes` `[N, 2, h, w]` in pixels, and `offsets` `[N, 2, h, w]` in cells.
        case centres
    }

    public var form: Form
    /// Channels at the outputs' resolution; each of three halvings doubles them.
    public var baseChannels: Int
    public var classes: Int

    private static let rays = 32
    private static let depth = 3
    /// What logarithms of distances, and of sizes, begin around: 8 and 32 pixels.
    private static let (distance, size): (Float, Float) = (2.1, 3.5)

    public init(_ form: Form, baseChannels: Int = 32, classes: Int = 1) {
        self.form = form
        self.baseChannels = baseChannels
        self.classes = classes
    }

    public var name: String { "\(form.rawValue)-\(baseChannels)" }
    public var standardInput: ImageShape { ImageShape(channels: 3, height: 256, width: 256) }
    public var takesAnySize: Bool { true }

    public func build(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value
    ) throws -> NetworkBuilder.Value {
        var x = input
        for halving in 0..<(form == .starConvex ? 1 : 2) {
            x = try network.convolution(
                x, "stem\(halving)", channels: baseChannels, kernel: 5, stride: 2, padding: 2, bias: .none)
            x = try network.relu(network.batchNormalization(x, "stem\(halving).norm"))
        }
        return try UNet(depth: Self.depth, baseChannels: baseChannels).features(&network, x)
    }

    public func heads(
        _ network: inout NetworkBuilder, on last: NetworkBuilder.Value
    ) throws -> [(name: String, value: NetworkBuilder.Value)] {
        switch form {
        case .starConvex:
            let probability = try head(&network, last, "probability", channels: classes, start: -2)
            let distances = try head(&network, last, "distances", channels: Self.rays, start: Self.distance)
            return [("probability", probability), ("distances", try network.exponential(distances))]
        case .centres:
            let heat = try head(&network, last, "heat", channels: classes, start: -2.2)
            let sizes = try head(&network, last, "sizes", channels: 2, start: Self.size)
            let offsets = try head(&network, last, "offsets", channels: 2, start: 0)
            return [
                ("heat", heat), ("sizes", try network.exponential(sizes)), ("offsets", try network.sigmoid(offsets)),
            ]
        }
    }

    private func head(
        _ network: inout NetworkBuilder, _ input: NetworkBuilder.Value, _ name: String, channels: Int, start: Float
    ) throws -> NetworkBuilder.Value {
        var x = try network.convolution(
            input, "\(name)-head.conv1", channels: baseChannels, kernel: 3, padding: 1, bias: .none)
        x = try network.relu(network.batchNormalization(x, "\(name)-head.bn1"))
        return try network.convolution(
            x, "\(name)-head.conv2", channels: channels, kernel: 1, bias: .starting(at: start))
    }
}
