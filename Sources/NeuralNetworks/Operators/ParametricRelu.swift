/// A leaky ReLU whose slope below zero is learned: `x` where `x >= 0`, else `slope * x`.
///
/// Inputs: data and a slope that broadcasts to it, both `float32`.
///
/// Source: He et al., "Delving deep into rectifiers", 2015; ONNX operator PRelu.
public struct ParametricRelu: Operator {
    public init() {}

    public var name: String { "PRelu" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws(OperatorError) -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.float32(0)
        let slope = try arguments.float32(1)
        guard data.broadcast(with: slope) == data else {
            throw invalid(.inputs, "cannot broadcast its slope \(slope) to \(data)")
        }
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws(OperatorError) -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let elements = broadcast(
            inputs.floats(0), shape, inputs.floats(1), inputs.tensor(1).shape, to: shape
        ) { $0 < 0 ? $0 * $1 : $0 }
        return [Tensor(shape: shape, elements)]
    }
}
