import Glibc

/// Damps each element by the activity of neighbouring channels at the same place, as in AlexNet.
///
/// Input: `[N, C, D1, ...]` `float32`. Output: `x / (bias + alpha / size * sum of squares) ^ beta`, the sum
/// over `size` channels around the element's own.
///
/// Source: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks",
/// 2012; ONNX operator LRN.
public struct LocalResponseNormalization: Operator {
    /// Channels that are summed over.
    public var size: Int
    public var alpha: Float
    public var beta: Float
    public var bias: Float

    public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.bias = bias
    }

    public var name: String { "LRN" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 2...)
        guard 1...Window.largestExtent ~= size else { throw invalid(.attributes, "cannot sum over \(size) channels") }
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let planes = Planes(shape, channelAxis: 1)
        let data = inputs.floats(0)
        var result = data
        for channel in 0..<planes.channels {
            let neighbours = max(0, channel - (size - 1) / 2)...min(planes.channels - 1, channel + size / 2)
            planes.forEachOffset(of: channel) { offset in
                let squares = neighbours.reduce(Float(0)) { sum, neighbour in
                    let x = data[offset + (neighbour - channel) * planes.size]
                    return sum + x * x
                }
                result[offset] /= pow(bias + alpha / Float(size) * squares, beta)
            }
        }
        return [Tensor(shape: shape, result)]
    }
}
