/// Normalises over the axes from `axis` on, then scales and shifts element by element.
///
/// Inputs, all `float32`: data, a scale and optionally a bias that broadcast to it.
/// Outputs: as the data, then the means and the inverse standard deviations, with normalised axes 1.
///
/// Source: Ba et al., "Layer normalization", 2016; ONNX operator LayerNormalization.
public struct LayerNormalization: Operator {
    public var axis: Int
    public var epsilon: Float

    public init(axis: Int = -1, epsilon: Float = 1e-5) {
        self.axis = axis
        self.epsilon = epsilon
    }

    public var name: String { "LayerNormalization" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let data = try arguments.float32(0, rank: 1...)
        for index in 1...2 where index == 1 || arguments.optionalType(index) != nil {
            let parameter = try arguments.float32(index)
            guard data.broadcast(with: parameter) == data else {
                throw invalid(.inputs, "cannot broadcast \(parameter) to \(data)")
            }
        }
        let first = try resolve(axis: axis, rank: data.rank)
        let statistics = Shape(data.dimensions.enumerated().map { $0.offset < first ? $0.element : 1 })
        return [data, statistics, statistics].map { TensorType(elementType: .float32, shape: $0) }
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let types = try outputTypes(of: inputs)
        let (shape, statistics) = (types[0].shape, types[1].shape)
        var data = inputs.floats(0)
        let rows = statistics.elementCount
        let planes = Planes([1, rows, rows == 0 ? 0 : data.count / rows], channelAxis: 1)
        var (means, deviations) = ([Float](), [Float]())
        for row in 0..<rows {
            let (mean, variance) = planes.moments(of: data, channel: row)
            means.append(mean)
            deviations.append(1 / (variance + epsilon).squareRoot())
            planes.forEachOffset(of: row) { data[$0] = (data[$0] - mean) * deviations[row] }
        }
        data = broadcast(data, shape, inputs.floats(1), inputs.tensor(1).shape, to: shape) { $0 * $1 }
        if let bias = inputs.optionalFloats(2) {
            data = broadcast(data, shape, bias, inputs.tensor(2).shape, to: shape) { $0 + $1 }
        }
        return [Tensor(shape: shape, data), Tensor(shape: statistics, means), Tensor(shape: statistics, deviations)]
    }
}
