/// Normalises groups of channels of each image by their own mean and variance, then scales and
/// shifts each channel.
///
/// Inputs, all `float32`: data `[N, C, D1, ...]`, scale `[C]`, bias `[C]`. Output: as the data.
///
/// Source: Wu and He, "Group normalization", 2018; Ulyanov et al., "Instance normalization", 2016;
/// ONNX operators GroupNormalization (since 21) and InstanceNormalization.
public struct GroupNormalization: Operator {
    /// Which channels share a mean and a variance.
    public enum Grouping: Sendable, Hashable {
        /// Each channel alone: instance normalisation.
        case instances
        /// This many groups of neighbouring channels.
        case groups(Int)
    }

    public var grouping: Grouping
    public var epsilon: Float

    public init(_ grouping: Grouping, epsilon: Float = 1e-5) {
        self.grouping = grouping
        self.epsilon = epsilon
    }

    public var name: String {
        switch grouping {
        case .instances: "InstanceNormalization"
        case .groups: "GroupNormalization"
        }
    }

    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let data = try arguments.float32(0, rank: 2...)
        if case .groups(let count) = grouping {
            guard count >= 1, data[1] % count == 0 else {
                throw invalid(.attributes, "cannot split \(data[1]) channels into \(count) groups")
            }
        }
        try arguments.float32(1, shape: [data[1]])
        try arguments.float32(2, shape: [data[1]])
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        guard shape.elementCount > 0 else { return [inputs.tensor(0)] }
        let groups =
            switch grouping {
            case .instances: shape[1]
            case .groups(let count): count
            }
        var data = inputs.floats(0)
        let (scale, bias) = (inputs.floats(1), inputs.floats(2))
        // Each image's group is one "channel" of a single image.
        let planes = Planes([1, shape[0] * groups, data.count / (shape[0] * groups)], channelAxis: 1)
        let plane = data.count / (shape[0] * shape[1])
        for group in 0..<planes.channels {
            let (mean, variance) = planes.moments(of: data, channel: group)
            let factor = 1 / (variance + epsilon).squareRoot()
            planes.forEachOffset(of: group) {
                let channel = $0 / plane % shape[1]
                data[$0] = (data[$0] - mean) * factor * scale[channel] + bias[channel]
            }
        }
        return [Tensor(shape: shape, data)]
    }
}
