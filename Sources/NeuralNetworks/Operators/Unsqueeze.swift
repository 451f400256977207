/// Inserts axes of extent 1.
///
/// Inputs: data of any type, and as integers where the new axes stand in the output.
///
/// Source: ONNX operator Unsqueeze.
public struct Unsqueeze: Operator {
    public init() {}

    public var name: String { "Unsqueeze" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        guard let given = try arguments.integers(1) else { throw invalid(.inputs, "lacks its axes") }
        let rank = data.shape.rank + given.count
        let axes = Set(try resolve(axes: given, rank: rank))
        var remaining = data.shape.dimensions.makeIterator()
        let extents = (0..<rank).compactMap { axes.contains($0) ? 1 : remaining.next() }
        return [TensorType(elementType: data.elementType, shape: Shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [inputs.tensor(0).reshaped(to: try outputShape(of: inputs))]
    }
}
