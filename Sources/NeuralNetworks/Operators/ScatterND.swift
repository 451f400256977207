/// Replaces slices of a tensor, or combines them with others.
///
/// Inputs: data of any type `[D1, ..., Dr]`; indices `[..., K]`, `int32` or `int64`, each row of which names a slice by
/// its first K coordinates, counted from the end where negative; updates `[..., DK+1, ..., Dr]` of the data's type.
/// Output: as the data. Where rows name one slice twice, the last one counts.
///
/// Source: ONNX operator ScatterND.
public struct ScatterND: Operator {
    public var combination: ScatterCombination

    public init(_ combination: ScatterCombination = .replace) { self.combination = combination }

    public var name: String { "ScatterND" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let data = try arguments.type(0)
        guard combination == .replace || data.elementType != .bool else {
            throw invalid(.inputs, "cannot combine bool")
        }
        let indices = try arguments.type(1, of: [.int32, .int64], rank: 1...).shape
        let updates = try arguments.type(2, of: [data.elementType]).shape
        let coordinates = indices[indices.rank - 1]
        guard coordinates <= data.shape.rank,
            updates.dimensions == indices.dimensions.dropLast() + data.shape.dimensions.dropFirst(coordinates)
        else { throw invalid(.inputs, "cannot put \(updates) into \(data.shape) at \(indices)") }
        return [data]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let starts = try sliceStarts(inputs.tensor(1), in: shape)
        return [inputs.tensor(0).scattering(inputs.tensor(2), to: starts, combination)]
    }
}

extension Operator {
    /// The offset of each slice that a row of `indices` names.
    ///
    /// - Parameters:
    ///   - indices: `[..., K]`; each row holds coordinates along the K axes after the batch axes.
    ///   - batchAxes: leading axes that `indices` and `shape` share: a row names a slice of its own batch.
    func sliceStarts(
        _ indices: Tensor, in shape: Shape, batchAxes: Int = 0
    ) throws -> [Int] {
        guard let integers = indices.integers else { preconditionFailure("\(name) accepted no integers") }
        let rank = indices.shape[indices.shape.rank - 1]
        let rows = indices.shape.dimensions.dropLast().reduce(1, *)
        let batches = shape.dimensions.prefix(batchAxes).reduce(1, *)
        let batchSize = shape.dimensions.dropFirst(batchAxes).reduce(1, *)
        let strides = shape.strides
        var starts: [Int] = []
        for row in 0..<rows {
            var start = row / (rows / batches) * batchSize
            for coordinate in 0..<rank {
                let (axis, index) = (batchAxes + coordinate, integers[row * rank + coordinate])
                guard index >= -shape[axis], index < shape[axis] else {
                    throw invalid(.inputs, "names element \(index) of \(shape[axis])")
                }
                start += (index < 0 ? index + shape[axis] : index) * strides[axis]
            }
            starts.append(start)
        }
        return starts
    }
}
