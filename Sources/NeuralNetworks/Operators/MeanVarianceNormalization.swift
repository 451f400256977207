/// Subtracts the mean of each group of elements and divides by the standard deviation.
///
/// Input and output: `float32` of any shape. A group are the elements along `axes`; there is no scale and no bias.
///
/// Source: ONNX operator MeanVarianceNormalization.
public struct MeanVarianceNormalization: Operator {
    public var axes: [Int]

    public init(axes: [Int] = [0, 2, 3]) { self.axes = axes }

    /// Added to the deviation, so that constant groups become zero.
    private static let epsilon: Float = 1e-9

    public var name: String { "MeanVarianceNormalization" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0)
        _ = try resolve(axes: axes, rank: data.rank)
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let reduced = Set(try resolve(axes: axes, rank: shape.rank))
        let strides = shape.strides
        let (kept, gone) = ((0..<shape.rank).filter { !reduced.contains($0) }, reduced.sorted())
        var data = inputs.floats(0)
        for start in StridedOffsets(extents: kept.map { shape[$0] }, strides: kept.map { strides[$0] }) {
            let group = StridedOffsets(extents: gone.map { shape[$0] }, strides: gone.map { strides[$0] }, start: start)
            let count = Float(group.underestimatedCount)
            let mean = group.reduce(Float(0)) { $0 + data[$1] } / count
            let variance = group.reduce(Float(0)) { $0 + (data[$1] - mean) * (data[$1] - mean) } / count
            let deviation = variance.squareRoot() + Self.epsilon
            for offset in group { data[offset] = (data[offset] - mean) / deviation }
        }
        return [Tensor(shape: shape, data)]
    }
}
