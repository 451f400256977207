/// The coordinates of all elements that are not zero.
///
/// Input: any type and shape `[D1, ..., Dr]`; constant, because its values decide the output's size.
/// Output: `int64` `[r, count]`, in row-major order of the elements.
///
/// Source: ONNX operator NonZero.
public struct SelectedPositions: Operator {
    public init() {}

    public var name: String { "NonZero" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        guard let data = try Arguments(inputs, of: self, count: 1...1).constant(0) else {
            throw invalid(.inputs, "lacks its input")
        }
        return [TensorType(elementType: .int64, shape: [data.shape.rank, data.selected.count])]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let selected = data.selected
        let strides = data.shape.strides
        let coordinates = (0..<data.shape.rank).flatMap { axis in
            selected.map { Int64($0 / strides[axis] % data.shape[axis]) }
        }
        return [Tensor(shape: output, coordinates)]
    }
}

/// The slices along an axis, or single elements, that a list of truth values selects.
///
/// Inputs: data of any type, and a condition, `bool` of one axis, which may be shorter; constant, because its values
/// decide the output's size. Output: the data with fewer elements along the axis, or a list.
///
/// Source: ONNX operator Compress.
public struct Compression: Operator {
    /// Nil where the data's elements are selected as one list.
    public var axis: Int?

    public init(axis: Int? = nil) { self.axis = axis }

    public var name: String { "Compress" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        _ = try arguments.type(1, of: [.bool], rank: 1...1)
        var extents = axis == nil ? [data.shape.elementCount] : data.shape.dimensions
        let axis = try resolve(axis: axis ?? 0, rank: extents.count)
        guard let selected = try arguments.constant(1)?.selected, (selected.last ?? -1) < extents[axis] else {
            throw invalid(.inputs, "selects more than \(extents[axis]) elements")
        }
        extents[axis] = selected.count
        return [TensorType(elementType: data.elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = axis == nil ? inputs.tensor(0).reshaped(to: [inputs.tensor(0).shape.elementCount]) : inputs.tensor(0)
        let planes = Planes(data.shape, channelAxis: try resolve(axis: axis ?? 0, rank: data.shape.rank))
        let selected = inputs.tensor(1).selected
        let offsets = (0..<planes.images).lazy.flatMap { image in
            selected.lazy.flatMap { position in
                let start = (image * planes.channels + position) * planes.size
                return start..<start + planes.size
            }
        }
        return [data.gathering(offsets, shape: output)]
    }
}

extension Tensor {
    /// The offsets of the elements that are not zero.
    fileprivate var selected: [Int] {
        guard case .bool(let elements) = converted(to: .bool).storage else { return [] }
        return elements.indices.filter { elements[$0] }
    }
}
