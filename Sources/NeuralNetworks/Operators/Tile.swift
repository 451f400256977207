/// Repeats a tensor as a whole along each axis.
///
/// Inputs: data of any type, and as `int64` how often it stands along each axis.
///
/// Source: ONNX operator Tile.
public struct Tile: Operator {
    public init() {}

    public var name: String { "Tile" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        guard let repeats = try arguments.integers(1), repeats.count == data.shape.rank else {
            throw invalid(.inputs, "needs a count for each axis of \(data.shape)")
        }
        var extents: [Int] = []
        for (extent, count) in zip(data.shape.dimensions, repeats) {
            let (product, overflow) = extent.multipliedReportingOverflow(by: count)
            guard !overflow else { throw invalid(.size, "repeats \(extent) elements \(count) times") }
            extents.append(product)
        }
        return [TensorType(elementType: data.elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        guard output.elementCount > 0 else { return [data.gathering(EmptyCollection<Int>(), shape: output)] }
        // Each axis is split in two: which copy (stride 0), and where in it.
        let extents = zip(output.dimensions, data.shape.dimensions).flatMap { [$0 / $1, $1] }
        let offsets = StridedOffsets(extents: extents, strides: data.shape.strides.flatMap { [0, $0] })
        return [data.gathering(offsets, shape: output)]
    }
}
