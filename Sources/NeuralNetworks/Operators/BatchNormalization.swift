/// Normalises each channel by its mean and variance, then scales and shifts it.
///
/// Inputs, all `float32`: data `[N, C, D1, ...]`, then scale, bias, mean and variance, `[C]` each.
/// Output: `(x - mean) / sqrt(variance + epsilon) * scale + bias`. In training the data's own mean and
/// variance are used, and the running ones, updated with `momentum`, are further outputs.
///
/// Source: Ioffe and Szegedy, "Batch normalization", 2015; ONNX operator BatchNormalization.
public struct BatchNormalization: Operator {
    public enum Mode: Sendable, Hashable {
        case inference
        case training(momentum: Float)
    }

    public var epsilon: Float
    public var mode: Mode

    public init(epsilon: Float = 1e-5, mode: Mode = .inference) {
        self.epsilon = epsilon
        self.mode = mode
    }

    public var name: String { "BatchNormalization" }
    public var accuracy: AccuracyClass { mode == .inference ? .elementwise : .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 5...5)
        let data = try arguments.float32(0, rank: 1...)
        let channels: Shape = [data.rank > 1 ? data[1] : 1]
        for index in 1...4 { try arguments.float32(index, shape: channels) }
        let output = TensorType(elementType: .float32, shape: data)
        let statistics = TensorType(elementType: .float32, shape: channels)
        return mode == .inference ? [output] : [output, statistics, statistics]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputTypes(of: inputs)[0].shape
        let planes = Planes(shape, channelAxis: 1)
        var data = inputs.floats(0)
        let (scale, bias) = (inputs.floats(1), inputs.floats(2))
        var (means, variances) = (inputs.floats(3), inputs.floats(4))
        if case .training = mode {
            for channel in 0..<planes.channels {
                (means[channel], variances[channel]) = planes.moments(of: data, channel: channel)
            }
        }
        for channel in 0..<planes.channels {
            let factor = scale[channel] / (variances[channel] + epsilon).squareRoot()
            planes.forEachOffset(of: channel) {
                data[$0] = (data[$0] - means[channel]) * factor + bias[channel]
            }
        }
        guard case .training(let momentum) = mode else { return [Tensor(shape: shape, data)] }
        func running(_ old: [Float], _ new: [Float]) -> Tensor {
            Tensor(shape: [planes.channels], zip(old, new).map { $0 * momentum + $1 * (1 - momentum) })
        }
        return [Tensor(shape: shape, data), running(inputs.floats(3), means), running(inputs.floats(4), variances)]
    }
}

extension Graph {
    /// The batch normalisations that take mean and variance from what they normalise, as while learning.
    public var nodesThatTrain: [Node] {
        nodes.filter { ($0.operation as? BatchNormalization).map { $0.mode != .inference } ?? false }
    }

    /// The same with batch normalisations by running statistics throughout.
    public func normalisingByRunningStatistics() -> Graph {
        var graph = self
        for (index, node) in nodes.enumerated() {
            guard var operation = node.operation as? BatchNormalization else { continue }
            operation.mode = .inference
            graph.nodes[index].operation = operation
            graph.nodes[index].outputs = [node.outputs[0]]
        }
        return graph
    }
}

/// The elements of a `[N, C, D1, ...]` tensor by channel.
struct Planes {
    let images: Int
    let channels: Int
    /// Elements of one channel of one image.
    let size: Int

    init(_ shape: Shape, channelAxis: Int) {
        images = shape.dimensions.prefix(channelAxis).reduce(1, *)
        channels = channelAxis < shape.rank ? shape[channelAxis] : 1
        size = shape.dimensions.dropFirst(channelAxis + 1).reduce(1, *)
    }

    func forEachOffset(of channel: Int, _ body: (Int) -> Void) {
        for image in 0..<images {
            let start = (image * channels + channel) * size
            for offset in start..<start + size { body(offset) }
        }
    }

    /// Mean and variance (divided by the count) of a channel over all images.
    func moments(of data: [Float], channel: Int) -> (mean: Float, variance: Float) {
        let count = Float(images * size)
        var (sum, squares) = (Float(0), Float(0))
        forEachOffset(of: channel) { sum += data[$0] }
        let mean = sum / count
        forEachOffset(of: channel) { squares += (data[$0] - mean) * (data[$0] - mean) }
        return (mean, squares / count)
    }
}
