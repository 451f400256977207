/// Puts the maxima that ``MaxPooling`` found back where it found them; all else becomes zero.
///
/// Inputs: data `[N, C, D1, ...]` `float32`; the position of each element, `int64` of the same shape, as an offset into
/// the whole tensor that was pooled; and optionally the output's extents, `int64`, where pooling left some elements
/// at the end out. Output: `[N, C, O1, ...]`.
///
/// Source: ONNX operator MaxUnpool.
public struct MaxUnpooling: Operator {
    public var window: Window

    public init(window: Window) { self.window = window }

    public var name: String { "MaxUnpool" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let pooled = try pooledShape(arguments)
        guard let extents = try arguments.integers(2) else {
            return [TensorType(elementType: .float32, shape: pooled)]
        }
        guard extents.count == pooled.rank, extents.prefix(2) == pooled.dimensions.prefix(2),
            zip(extents, pooled.dimensions).allSatisfy({ $0 >= $1 })
        else { throw invalid(.inputs, "cannot put \(pooled) into \(extents)") }
        return [TensorType(elementType: .float32, shape: try shape(extents))]
    }

    /// The shape of the tensor that positions are offsets into.
    private func pooledShape(_ arguments: Arguments) throws -> Shape {
        let data = try arguments.float32(0, rank: 3...)
        let positions = try arguments.type(1, of: [.int64]).shape
        guard positions == data else { throw invalid(.inputs, "has positions of \(positions) for \(data)") }
        let rank = data.rank - 2
        let (kernel, strides, _) = try window.resolved(rank: rank, kernel: nil)
        let pads = window.pads ?? [Int](repeating: 0, count: 2 * rank)
        guard pads.count == 2 * rank, pads.allSatisfy({ 0...Window.largestExtent ~= $0 }) else {
            throw invalid(.attributes, "has pads \(pads) for \(rank) spatial axes")
        }
        var extents = [data[0], data[1]]
        for axis in 0..<rank {
            let (reach, overflow) = max(data[axis + 2] - 1, 0).multipliedReportingOverflow(by: strides[axis])
            guard !overflow, reach <= Int.max / 2 else { throw invalid(.size, "makes an impossible size") }
            extents.append(reach + kernel[axis] - pads[axis] - pads[axis + rank])
        }
        return try shape(extents)
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let values = inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } }
        let pooled = try pooledShape(Arguments(values, of: self, count: 2...3))
        guard let positions = inputs.tensor(1).integers else { preconditionFailure("MaxUnpool accepted no positions") }
        let (inner, outer) = (pooled.strides, output.strides)
        let data = inputs.floats(0)
        var result = [Float](repeating: 0, count: output.elementCount)
        for (element, position) in zip(data, positions) {
            guard 0..<pooled.elementCount ~= position else {
                throw invalid(.inputs, "names element \(position) of \(pooled.elementCount)")
            }
            let offset = (0..<pooled.rank).reduce(0) { $0 + position / inner[$1] % pooled[$1] * outer[$1] }
            result[offset] = element
        }
        return [Tensor(shape: output, result)]
    }
}
