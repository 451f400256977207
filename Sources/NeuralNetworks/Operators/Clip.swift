/// Limits every element to a range; the upper limit wins where it lies below the lower one.
///
/// Inputs: data, and optionally the lower and the upper limit, scalars of the same type
/// (`float32`, `int32` or `int64`).
///
/// Source: ONNX operator Clip.
public struct Clip: Operator {
    public init() {}

    public var name: String { "Clip" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...3)
        let data = try arguments.type(0, of: [.float32, .int32, .int64])
        for index in 1...2 {
            guard let limit = arguments.optionalType(index) else { continue }
            guard limit.elementType == data.elementType, limit.shape.elementCount == 1 else {
                throw invalid(.inputs, "cannot limit \(data) by \(limit)")
            }
        }
        return [data]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let lower = inputs.count > 1 ? inputs[1]?.storage : nil
        let upper = inputs.count > 2 ? inputs[2]?.storage : nil
        switch inputs.tensor(0).storage {
        case .float32(let elements):
            var (least, most) = (-Float.infinity, Float.infinity)
            if case .float32(let limit) = lower { least = limit[0] }
            if case .float32(let limit) = upper { most = limit[0] }
            return [Tensor(shape: shape, elements.map { $0.isNaN ? $0 : min(max($0, least), most) })]
        case .int32(let elements):
            var (least, most) = (Int32.min, Int32.max)
            if case .int32(let limit) = lower { least = limit[0] }
            if case .int32(let limit) = upper { most = limit[0] }
            return [Tensor(shape: shape, elements.map { min(max($0, least), most) })]
        case .int64(let elements):
            var (least, most) = (Int64.min, Int64.max)
            if case .int64(let limit) = lower { least = limit[0] }
            if case .int64(let limit) = upper { most = limit[0] }
            return [Tensor(shape: shape, elements.map { min(max($0, least), most) })]
        case .bool, .uint8, .int8: preconditionFailure("Clip accepted \(inputs.tensor(0).elementType)")
        }
    }
}
