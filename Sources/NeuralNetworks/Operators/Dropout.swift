/// Dropout after training: the input, unchanged.
///
/// Inputs: data, and optionally a ratio and a `bool` scalar that asks for training, which must be
/// false, or the ratio 0. Outputs: the data, and a `bool` mask of what was kept: everything.
///
/// Source: Srivastava et al., "Dropout", 2014; ONNX operator Dropout.
public struct Dropout: Operator {
    public init() {}

    public var name: String { "Dropout" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...3)
        let data = try arguments.type(0)
        let trains = try arguments.constant(2).map { $0.storage != .bool([false]) } ?? false
        if trains, try arguments.constant(1)?.storage != .float32([0]) {
            throw invalid(.unsupported, "is in training mode")
        }
        return [data, TensorType(elementType: .bool, shape: data.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputTypes(of: inputs)[0].shape
        return [inputs.tensor(0), Tensor(shape: shape, [Bool](repeating: true, count: shape.elementCount))]
    }
}
