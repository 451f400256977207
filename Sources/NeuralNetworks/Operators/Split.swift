/// Cuts a tensor along one axis into several.
///
/// Inputs: data of any type, and optionally the parts' extents as integers, which sum to the axis's
/// extent. Without them the parts are equal, the last one smaller where they do not divide it.
///
/// Source: ONNX operator Split.
public struct Split: Operator {
    /// Counted from the end where negative.
    public var axis: Int
    /// Number of parts; used where their extents are not given.
    public var parts: Int

    public init(axis: Int = 0, parts: Int) {
        self.axis = axis
        self.parts = parts
    }

    public var name: String { "Split" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...2)
        let data = try arguments.type(0)
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        var types: [TensorType] = []
        for extent in try extents(arguments.integers(1), of: data.shape[axis]) {
            var extents = data.shape.dimensions
            extents[axis] = extent
            types.append(TensorType(elementType: data.elementType, shape: try shape(extents)))
        }
        return types
    }

    private func extents(_ given: [Int]?, of extent: Int) throws -> [Int] {
        if let given {
            var remaining = extent
            for part in given {
                guard 0...remaining ~= part else { throw invalid(.inputs, "cannot cut \(extent) into \(given)") }
                remaining -= part
            }
            guard remaining == 0 else { throw invalid(.inputs, "cannot cut \(extent) into \(given)") }
            return given
        }
        guard 1...max(extent, 1) ~= parts else {
            throw invalid(.attributes, "cannot cut \(extent) into \(parts) parts")
        }
        let part = (extent + parts - 1) / parts
        return (0..<parts).map { max(0, min(part, extent - $0 * part)) }
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let types = try outputTypes(of: inputs)
        let data = inputs.tensor(0)
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        let strides = data.shape.strides
        var start = 0
        return types.map { type in
            defer { start += type.shape[axis] }
            return data.gathering(
                StridedOffsets(extents: type.shape.dimensions, strides: strides, start: start * strides[axis]),
                shape: type.shape)
        }
    }
}
