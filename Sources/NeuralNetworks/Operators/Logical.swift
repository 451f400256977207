/// Combines the elements of two `bool` tensors that are broadcast to a common shape.
///
/// Source: ONNX operators And, Or, Xor.
public struct LogicalBinary: Operator {
    public enum Function: Sendable, Hashable, CaseIterable {
        case and, or, exclusiveOr
    }

    public var function: Function

    public init(_ function: Function) { self.function = function }

    public var name: String {
        switch function {
        case .and: "And"
        case .or: "Or"
        case .exclusiveOr: "Xor"
        }
    }

    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        return [try broadcastType([arguments.type(0, of: [.bool]), arguments.type(1, of: [.bool])])]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let (left, right) = (inputs.tensor(0), inputs.tensor(1))
        guard case .bool(let lhs) = left.storage, case .bool(let rhs) = right.storage else {
            preconditionFailure("\(name) accepted \(left.elementType) and \(right.elementType)")
        }
        let results = broadcast(lhs, left.shape, rhs, right.shape, to: shape) {
            switch function {
            case .and: $0 && $1
            case .or: $0 || $1
            case .exclusiveOr: $0 != $1
            }
        }
        return [Tensor(shape: shape, results)]
    }
}

/// The negation of every element of a `bool` tensor.
///
/// Source: ONNX operator Not.
public struct LogicalNot: Operator {
    public init() {}

    public var name: String { "Not" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        [try Arguments(inputs, of: self, count: 1...1).type(0, of: [.bool])]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        guard case .bool(let elements) = inputs.tensor(0).storage else {
            preconditionFailure("\(name) accepted \(inputs.tensor(0).elementType)")
        }
        return [Tensor(shape: shape, elements.map { !$0 })]
    }
}
