/// Picks elements or slices by their coordinates.
///
/// Inputs: data of any type `[D1, ..., Dr]`; indices `[..., K]`, `int32` or `int64`, each row of which names a slice by
/// K coordinates, counted from the end where negative. The first `batchAxes` axes of both are the same, and a row
/// names a slice of its own batch. Output: the indices' shape with K replaced by the slice's shape.
///
/// Source: ONNX operator GatherND.
public struct GatherND: Operator {
    public var batchAxes: Int

    public init(batchAxes: Int = 0) { self.batchAxes = batchAxes }

    public var name: String { "GatherND" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0, of: ElementType.allCases, rank: 1...)
        let indices = try arguments.type(1, of: [.int32, .int64], rank: 1...).shape
        guard 0..<min(data.shape.rank, indices.rank) ~= batchAxes,
            data.shape.dimensions.prefix(batchAxes) == indices.dimensions.prefix(batchAxes)
        else { throw invalid(.attributes, "has no \(batchAxes) batch axes in \(data.shape) and \(indices)") }
        let sliced = batchAxes + indices[indices.rank - 1]
        guard sliced <= data.shape.rank else { throw invalid(.inputs, "cannot index \(data.shape) by \(indices)") }
        let output = try shape(indices.dimensions.dropLast() + data.shape.dimensions.dropFirst(sliced))
        return [TensorType(elementType: data.elementType, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let starts = try sliceStarts(inputs.tensor(1), in: data.shape, batchAxes: batchAxes)
        let size = starts.isEmpty ? 0 : output.elementCount / starts.count
        return [data.gathering(starts.lazy.flatMap { $0..<$0 + size }, shape: output)]
    }
}
