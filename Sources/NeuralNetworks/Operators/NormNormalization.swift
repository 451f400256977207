/// Divides the elements along an axis by their norm; where that is zero, they are.
///
/// Input and output: `float32` of any shape.
///
/// Source: ONNX operator LpNormalization.
public struct NormNormalization: Operator {
    public enum Norm: Sendable, Hashable {
        /// The sum of magnitudes.
        case l1
        /// The root of the sum of squares.
        case l2
    }

    public var norm: Norm
    /// Counted from the end where negative.
    public var axis: Int

    public init(_ norm: Norm = .l2, axis: Int = -1) {
        self.norm = norm
        self.axis = axis
    }

    public var name: String { "LpNormalization" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 1...)
        _ = try resolve(axis: axis, rank: data.rank)
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let planes = Planes(shape, channelAxis: try resolve(axis: axis, rank: shape.rank))
        var data = inputs.floats(0)
        for image in 0..<planes.images {
            for column in 0..<planes.size {
                let start = image * planes.channels * planes.size + column
                let offsets = (0..<planes.channels).lazy.map { start + $0 * planes.size }
                let length: Float =
                    switch norm {
                    case .l1: offsets.reduce(0) { $0 + abs(data[$1]) }
                    case .l2: offsets.reduce(0) { $0 + data[$1] * data[$1] }.squareRoot()
                    }
                for offset in offsets where length != 0 { data[offset] /= length }
            }
        }
        return [Tensor(shape: shape, data)]
    }
}
