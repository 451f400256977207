/// Whether each element is no number, or is infinite; the output is `bool`.
///
/// Input: `float32` of any shape.
///
/// Source: ONNX operators IsNaN and IsInf.
public struct NumberTest: Operator {
    public enum Condition: Sendable, Hashable {
        case isNaN
        case isInfinite(negative: Bool, positive: Bool)
    }

    public var condition: Condition

    public init(_ condition: Condition) { self.condition = condition }

    public var name: String { condition == .isNaN ? "IsNaN" : "IsInf" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0)
        return [TensorType(elementType: .bool, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let results = inputs.floats(0).map { element in
            switch condition {
            case .isNaN: element.isNaN
            case .isInfinite(let negative, let positive): element.isInfinite && (element < 0 ? negative : positive)
            }
        }
        return [Tensor(shape: try outputShape(of: inputs), results)]
    }
}
