/// The input, unchanged.
///
/// Source: ONNX operator Identity.
public struct Identity: Operator {
    public init() {}

    public var name: String { "Identity" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        [try Arguments(inputs, of: self, count: 1...1).type(0)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        _ = try outputTypes(of: inputs)
        return [inputs.tensor(0)]
    }
}
