/// Repeats a tensor along axes of extent 1 until it has a given shape.
///
/// Inputs: data of any type and a shape as `int64`; they are broadcast with each other.
///
/// Source: ONNX operator Expand.
public struct Expansion: Operator {
    public init() {}

    public var name: String { "Expand" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        guard let extents = try arguments.integers(1) else { throw invalid(.inputs, "lacks a shape") }
        guard let output = data.shape.broadcast(with: try shape(extents)) else {
            throw invalid(.inputs, "cannot broadcast \(data.shape) to \(extents)")
        }
        return [TensorType(elementType: data.elementType, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        return [data.gathering(data.shape.offsets(broadcastTo: output), shape: output)]
    }
}
