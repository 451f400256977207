/// A matrix of zeros with ones on a diagonal.
///
/// Input: a matrix `[M, N]` of any type, which gives the shape.
///
/// Source: ONNX operator EyeLike.
public struct DiagonalMatrix: Operator {
    /// Nil for the input's.
    public var elementType: ElementType?
    /// The number of the diagonal: 0 is the main one, positive ones lie above it.
    public var diagonal: Int

    public init(elementType: ElementType? = nil, diagonal: Int = 0) {
        self.elementType = elementType
        self.diagonal = diagonal
    }

    public var name: String { "EyeLike" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).type(0, of: ElementType.allCases, rank: 2...2)
        return [TensorType(elementType: elementType ?? data.elementType, shape: data.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let type = try outputTypes(of: inputs)[0]
        let columns = type.shape[1]
        let marks = (0..<type.shape.elementCount).map { $0 % columns - $0 / columns == diagonal }
        return [Tensor(shape: type.shape, marks).converted(to: type.elementType)]
    }
}
