/// Compares the elements of two tensors that are broadcast to a common shape; the output is `bool`.
///
/// Source: ONNX operators Equal, Less, LessOrEqual, Greater, GreaterOrEqual.
public struct Comparison: Operator {
    public enum Relation: Sendable, Hashable, CaseIterable {
        case equal, less, lessOrEqual, greater, greaterOrEqual
    }

    public var relation: Relation

    public init(_ relation: Relation) { self.relation = relation }

    public var name: String {
        switch relation {
        case .equal: "Equal"
        case .less: "Less"
        case .lessOrEqual: "LessOrEqual"
        case .greater: "Greater"
        case .greaterOrEqual: "GreaterOrEqual"
        }
    }

    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let common = try broadcastType(arguments.types())
        guard common.elementType != .bool || relation == .equal else {
            throw invalid(.inputs, "does not order bool")
        }
        return [TensorType(elementType: .bool, shape: common.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let (left, right) = (inputs.tensor(0), inputs.tensor(1))
        let results: [Bool]
        switch (left.storage, right.storage) {
        case (.float32(let lhs), .float32(let rhs)):
            results = broadcast(lhs, left.shape, rhs, right.shape, to: shape, compare)
        case (.int32(let lhs), .int32(let rhs)):
            results = broadcast(lhs, left.shape, rhs, right.shape, to: shape, compare)
        case (.int64(let lhs), .int64(let rhs)):
            results = broadcast(lhs, left.shape, rhs, right.shape, to: shape, compare)
        case (.uint8(let lhs), .uint8(let rhs)):
            results = broadcast(lhs, left.shape, rhs, right.shape, to: shape, compare)
        case (.int8(let lhs), .int8(let rhs)):
            results = broadcast(lhs, left.shape, rhs, right.shape, to: shape, compare)
        case (.bool(let lhs), .bool(let rhs)):
            results = broadcast(lhs, left.shape, rhs, right.shape, to: shape) { $0 == $1 }
        default: preconditionFailure("\(name) accepted \(left.elementType) and \(right.elementType)")
        }
        return [Tensor(shape: shape, results)]
    }

    private func compare<Element: Comparable>(_ lhs: Element, _ rhs: Element) -> Bool {
        switch relation {
        case .equal: lhs == rhs
        case .less: lhs < rhs
        case .lessOrEqual: lhs <= rhs
        case .greater: lhs > rhs
        case .greaterOrEqual: lhs >= rhs
        }
    }
}
