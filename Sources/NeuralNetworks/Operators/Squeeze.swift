/// Drops axes of extent 1.
///
/// Inputs: data of any type, and optionally the axes as integers; all axes of extent 1 otherwise.
///
/// Source: ONNX operator Squeeze.
public struct Squeeze: Operator {
    public init() {}

    public var name: String { "Squeeze" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...2)
        let data = try arguments.type(0)
        let extents = data.shape.dimensions
        let axes =
            if let given = try arguments.integers(1) {
                try resolve(axes: given, rank: extents.count)
            } else {
                extents.indices.filter { extents[$0] == 1 }
            }
        guard axes.allSatisfy({ extents[$0] == 1 }) else {
            throw invalid(.inputs, "cannot drop axes \(axes) of \(data.shape)")
        }
        let kept = extents.indices.filter { !axes.contains($0) }.map { extents[$0] }
        return [TensorType(elementType: data.elementType, shape: Shape(kept))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [inputs.tensor(0).reshaped(to: try outputShape(of: inputs))]
    }
}
