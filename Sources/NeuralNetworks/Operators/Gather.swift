/// Picks slices along an axis by index.
///
/// Inputs: data of any type and indices, `int32` or `int64`, counted from the end where negative.
/// Output: the data's shape with the axis replaced by the indices' shape.
///
/// Source: ONNX operator Gather.
public struct Gather: Operator {
    public var axis: Int

    public init(axis: Int = 0) { self.axis = axis }

    public var name: String { "Gather" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        let indices = try arguments.type(1, of: [.int32, .int64])
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        var extents = data.shape.dimensions
        extents.replaceSubrange(axis...axis, with: indices.shape.dimensions)
        return [TensorType(elementType: data.elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        let planes = Planes(data.shape, channelAxis: axis)
        let indices = try self.indices(inputs.tensor(1), extent: planes.channels)
        let offsets = (0..<planes.images).lazy.flatMap { image in
            indices.lazy.flatMap { index in
                let start = (image * planes.channels + index) * planes.size
                return start..<start + planes.size
            }
        }
        return [data.gathering(offsets, shape: output)]
    }
}

/// Picks single elements along an axis by index.
///
/// Inputs: data of any type and indices of as many axes, each element of which says where along
/// `axis` to read. Output: of the indices' shape.
///
/// Source: ONNX operator GatherElements.
public struct GatherElements: Operator {
    public var axis: Int

    public init(axis: Int = 0) { self.axis = axis }

    public var name: String { "GatherElements" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        let rank = data.shape.rank
        let indices = try arguments.type(1, of: [.int32, .int64], rank: rank...rank).shape
        let gathered = try resolve(axis: axis, rank: rank)
        guard (0..<rank).allSatisfy({ $0 == gathered || indices[$0] <= data.shape[$0] }) else {
            throw invalid(.inputs, "cannot index \(data.shape) by \(indices)")
        }
        return [TensorType(elementType: data.elementType, shape: indices)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        let offsets = try elementOffsets(inputs.tensor(1), along: axis, in: data.shape)
        return [data.gathering(offsets, shape: output)]
    }
}

extension Operator {
    /// The offset in a tensor of `shape` of each element that `indices`, of as many axes, names along `axis`.
    func elementOffsets(_ indices: Tensor, along axis: Int, in shape: Shape) throws -> [Int] {
        var strides = shape.strides
        let step = strides[axis]
        strides[axis] = 0
        let starts = StridedOffsets(extents: indices.shape.dimensions, strides: strides)
        return zip(starts, try self.indices(indices, extent: shape[axis])).map { $0 + $1 * step }
    }

    /// The elements of `tensor` as indices into an axis of `extent`.
    fileprivate func indices(_ tensor: Tensor, extent: Int) throws -> [Int] {
        guard let integers = tensor.integers else { preconditionFailure("\(name) accepted no integers") }
        var indices: [Int] = []
        for index in integers {
            guard index >= -extent, index < extent else {
                throw invalid(.inputs, "names element \(index) of \(extent)")
            }
            indices.append(index < 0 ? index + extent : index)
        }
        return indices
    }
}
