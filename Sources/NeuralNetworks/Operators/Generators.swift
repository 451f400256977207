/// A tensor of equal elements of a given shape.
///
/// Input: the shape as `int64`.
///
/// Source: ONNX operator ConstantOfShape.
public struct ConstantOfShape: Operator {
    /// The value, as a tensor of one element.
    public var value: Tensor

    /// - Precondition: `value` has one element.
    public init(value: Tensor = Tensor(shape: [1], [Float(0)])) {
        precondition(value.shape.elementCount == 1, "a value of \(value.shape.elementCount) elements")
        self.value = value
    }

    public var name: String { "ConstantOfShape" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        guard let extents = try Arguments(inputs, of: self, count: 1...1).integers(0) else {
            throw invalid(.inputs, "lacks a shape")
        }
        return [TensorType(elementType: value.elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [value.repeated(shape: try outputShape(of: inputs))]
    }
}

/// The numbers from a start up to a limit, which is left out, by a step.
///
/// Inputs: start, limit and step, scalars of one type: `float32`, `int32` or `int64`.
///
/// Source: ONNX operator Range.
public struct NumberRange: Operator {
    public init() {}

    public var name: String { "Range" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let type = try arguments.type(0, of: [.float32, .int32, .int64]).elementType
        var bounds: [Double] = []
        for index in 0..<3 {
            guard let bound = try arguments.constant(index), bound.shape.elementCount == 1,
                bound.elementType == type
            else { throw invalid(.inputs, "needs three scalars of one type") }
            bounds += (bound.floats?.map(Double.init) ?? bound.integers?.map(Double.init)) ?? []
        }
        let count = ((bounds[1] - bounds[0]) / bounds[2]).rounded(.up)
        guard count.isFinite, count < 0x1p53 else { throw invalid(.inputs, "has no end") }
        return [TensorType(elementType: type, shape: try shape([max(0, Int(count))]))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        func numbers<Number: FixedWidthInteger>(_ start: [Number], _ step: [Number]) -> [Number] {
            (0..<shape[0]).map { start[0] &+ Number(truncatingIfNeeded: $0) &* step[0] }
        }
        switch (inputs.tensor(0).storage, inputs.tensor(2).storage) {
        case (.float32(let start), .float32(let step)):
            return [Tensor(shape: shape, (0..<shape[0]).map { start[0] + Float($0) * step[0] })]
        case (.int32(let start), .int32(let step)): return [Tensor(shape: shape, numbers(start, step))]
        case (.int64(let start), .int64(let step)): return [Tensor(shape: shape, numbers(start, step))]
        default: preconditionFailure("Range accepted several types")
        }
    }
}
