/// A matrix of all axes before `axis` by all from it on: `[N, C, H, W]` becomes `[N, C * H * W]`.
///
/// Source: ONNX operator Flatten.
public struct Flatten: Operator {
    /// Counted from the end where negative; may be the number of axes.
    public var axis: Int

    public init(axis: Int = 1) { self.axis = axis }

    public var name: String { "Flatten" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).type(0)
        let rank = data.shape.rank
        let axis = axis == rank ? rank : try resolve(axis: axis, rank: rank)
        let extents = [data.shape.dimensions[..<axis].reduce(1, *), data.shape.dimensions[axis...].reduce(1, *)]
        return [TensorType(elementType: data.elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [inputs.tensor(0).reshaped(to: try outputShape(of: inputs))]
    }
}
