/// An operator whose outputs follow from its inputs' shapes alone, so that they are known before
/// anything runs.
protocol ShapeOperator: Operator {
    func evaluate(shapesOf inputs: [KnownValue?]) throws -> [Tensor]
}

extension ShapeOperator {
    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        try evaluate(shapesOf: inputs.map { $0.map { KnownValue(type: $0.type) } })
    }
}

/// The extents of a tensor as an `int64` list, or those of the axes from `start` up to `end`.
///
/// Source: ONNX operator Shape.
public struct ShapeOf: ShapeOperator {
    /// Counted from the end where negative; out of range is clamped.
    public var start: Int
    public var end: Int?

    public init(start: Int = 0, end: Int? = nil) {
        self.start = start
        self.end = end
    }

    public var name: String { "Shape" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        try evaluate(shapesOf: inputs).map(\.type)
    }

    func evaluate(shapesOf inputs: [KnownValue?]) throws -> [Tensor] {
        let shape = try Arguments(inputs, of: self, count: 1...1).type(0).shape
        func clamp(_ axis: Int) -> Int { min(max(axis < 0 ? axis + shape.rank : axis, 0), shape.rank) }
        let lower = clamp(start)
        let extents = shape.dimensions[lower..<max(lower, clamp(end ?? shape.rank))]
        return [Tensor(shape: [extents.count], extents.map(Int64.init))]
    }
}

/// The number of elements of a tensor, as an `int64` scalar.
///
/// Source: ONNX operator Size.
public struct ElementCount: ShapeOperator {
    public init() {}

    public var name: String { "Size" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        try evaluate(shapesOf: inputs).map(\.type)
    }

    func evaluate(shapesOf inputs: [KnownValue?]) throws -> [Tensor] {
        let type = try Arguments(inputs, of: self, count: 1...1).type(0)
        return [Tensor(shape: [], [Int64(type.shape.elementCount)])]
    }
}
