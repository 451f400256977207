/// Turns class numbers into vectors that mark the class.
///
/// Inputs: indices, numbers of any shape, counted from the end where negative; the number of classes; and two values
/// of any type, for the other classes and for the one that is meant. Output: the indices' shape with the classes as a
/// new axis at `axis`. An index that is no class marks none.
///
/// Source: ONNX operator OneHot.
public struct OneHot: Operator {
    /// Where the new axis stands; counted from the end where negative.
    public var axis: Int

    public init(axis: Int = -1) { self.axis = axis }

    public var name: String { "OneHot" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let indices = try arguments.type(0, of: [.float32, .int32, .int64]).shape
        guard let depth = try arguments.constant(1)?.converted(to: .int64).integers, depth.count == 1 else {
            throw invalid(.inputs, "needs one number of classes")
        }
        let values = try arguments.type(2)
        guard values.shape == [2] else { throw invalid(.inputs, "takes two values, not \(values.shape)") }
        var extents = indices.dimensions
        extents.insert(depth[0], at: try resolve(axis: axis, rank: extents.count + 1))
        return [TensorType(elementType: values.elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        guard let indices = inputs.tensor(0).converted(to: .int64).integers else {
            preconditionFailure("OneHot accepted no numbers")
        }
        let planes = Planes(output, channelAxis: try resolve(axis: axis, rank: output.rank))
        let choices = (0..<output.elementCount).lazy.map { offset in
            let (row, column) = offset.quotientAndRemainder(dividingBy: planes.size)
            let (image, position) = row.quotientAndRemainder(dividingBy: planes.channels)
            let index = indices[image * planes.size + column]
            return position == index || position - planes.channels == index ? 1 : 0
        }
        return [inputs.tensor(2).gathering(choices, shape: output)]
    }
}
