/// Marks the largest number along an axis by 1, the first of several; the others become 0.
///
/// Input and output: `float32` of any shape.
///
/// Source: ONNX operator Hardmax.
public struct Hardmax: Operator {
    /// Counted from the end where negative.
    public var axis: Int
    public var extent: Softmax.Extent

    public init(axis: Int = -1, extent: Softmax.Extent = .axis) {
        self.axis = axis
        self.extent = extent
    }

    public var name: String { "Hardmax" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 1...)
        _ = try resolve(axis: axis, rank: data.rank)
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let axis = try resolve(axis: axis, rank: shape.rank)
        let trailing = shape.dimensions[axis...].reduce(1, *)
        let planes =
            extent == .axis
            ? Planes(shape, channelAxis: axis)
            : Planes([shape.elementCount / max(trailing, 1), trailing], channelAxis: 1)
        let data = inputs.floats(0)
        var marks = [Float](repeating: 0, count: data.count)
        for image in 0..<planes.images where planes.channels > 0 {
            for column in 0..<planes.size {
                let start = image * planes.channels * planes.size + column
                var best = start
                for offset in stride(from: start, to: start + planes.channels * planes.size, by: planes.size)
                where data[offset] > data[best] {
                    best = offset
                }
                marks[best] = 1
            }
        }
        return [Tensor(shape: shape, marks)]
    }
}
