/// Chooses each element from one of two tensors: the first where the condition holds.
///
/// Inputs: a `bool` condition and two tensors of one type, all broadcast to a common shape.
///
/// Source: ONNX operator Where.
public struct Conditional: Operator {
    public init() {}

    public var name: String { "Where" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let condition = try arguments.type(0, of: [.bool]).shape
        let values = try broadcastType([arguments.type(1), arguments.type(2)])
        guard let shape = values.shape.broadcast(with: condition) else {
            throw invalid(.inputs, "cannot broadcast \(values) with a condition of \(condition)")
        }
        return [TensorType(elementType: values.elementType, shape: shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let condition = inputs.tensor(0)
        guard case .bool(let holds) = condition.storage else { preconditionFailure("Where accepted no bool") }
        func choose<Element>(_ first: [Element], _ second: [Element]) -> [Element] {
            let firstOffsets = inputs.tensor(1).shape.offsets(broadcastTo: shape)
            let secondOffsets = inputs.tensor(2).shape.offsets(broadcastTo: shape)
            return zip(condition.shape.offsets(broadcastTo: shape), zip(firstOffsets, secondOffsets)).map {
                holds[$0] ? first[$1.0] : second[$1.1]
            }
        }
        switch (inputs.tensor(1).storage, inputs.tensor(2).storage) {
        case (.float32(let first), .float32(let second)): return [Tensor(shape: shape, choose(first, second))]
        case (.int32(let first), .int32(let second)): return [Tensor(shape: shape, choose(first, second))]
        case (.int64(let first), .int64(let second)): return [Tensor(shape: shape, choose(first, second))]
        case (.bool(let first), .bool(let second)): return [Tensor(shape: shape, choose(first, second))]
        case (.uint8(let first), .uint8(let second)):
            return [Tensor(shape: shape, storage: .uint8(choose(first, second)))]
        case (.int8(let first), .int8(let second)):
            return [Tensor(shape: shape, storage: .int8(choose(first, second)))]
        default: preconditionFailure("Where accepted two types")
        }
    }
}
