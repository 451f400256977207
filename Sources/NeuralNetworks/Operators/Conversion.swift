/// Converts every element to another type.
///
/// Floats become integers by dropping the fraction, within the integer's range; NaN becomes 0.
/// Numbers become `bool` by being other than 0.
///
/// Source: ONNX operator Cast.
public struct Conversion: Operator {
    public var elementType: ElementType

    public init(to elementType: ElementType) { self.elementType = elementType }

    public var name: String { "Cast" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let type = try Arguments(inputs, of: self, count: 1...1).type(0)
        return [TensorType(elementType: elementType, shape: type.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        _ = try outputTypes(of: inputs)
        return [inputs.tensor(0).converted(to: elementType)]
    }
}

extension Tensor {
    /// The elements converted to another type, by the rules of ``Conversion``.
    public func converted(to elementType: ElementType) -> Tensor {
        switch storage {
        case _ where elementType == self.elementType: return self
        case .float32(let elements):
            switch elementType {
            case .float32: return self
            case .int32: return Tensor(shape: shape, elements.map { Int32(clamping: Self.truncated($0)) })
            case .int64: return Tensor(shape: shape, elements.map(Self.truncated))
            case .bool: return Tensor(shape: shape, elements.map { $0 != 0 })
            case .uint8:
                return Tensor(shape: shape, storage: .uint8(elements.map { UInt8(clamping: Self.truncated($0)) }))
            case .int8: return Tensor(shape: shape, storage: .int8(elements.map { Int8(clamping: Self.truncated($0)) }))
            }
        case .int32(let elements): return converted(elements, to: elementType)
        case .int64(let elements): return converted(elements, to: elementType)
        case .uint8(let elements): return converted(elements, to: elementType)
        case .int8(let elements): return converted(elements, to: elementType)
        case .bool(let elements): return converted(elements.map { $0 ? Int32(1) : 0 }, to: elementType)
        }
    }

    private func converted(_ elements: [some BinaryInteger], to elementType: ElementType) -> Tensor {
        switch elementType {
        case .float32: Tensor(shape: shape, elements.map { Float($0) })
        case .int32: Tensor(shape: shape, elements.map { Int32(truncatingIfNeeded: $0) })
        case .int64: Tensor(shape: shape, elements.map { Int64($0) })
        case .bool: Tensor(shape: shape, elements.map { $0 != 0 })
        case .uint8: Tensor(shape: shape, storage: .uint8(elements.map { UInt8(truncatingIfNeeded: $0) }))
        case .int8: Tensor(shape: shape, storage: .int8(elements.map { Int8(truncatingIfNeeded: $0) }))
        }
    }

    private static func truncated(_ value: Float) -> Int64 {
        guard !value.isNaN else { return 0 }
        return Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
}

/// Converts every element to the type of another tensor, by the rules of ``Conversion``.
///
/// Source: ONNX operator CastLike.
public struct MatchingConversion: Operator {
    public init() {}

    public var name: String { "CastLike" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        return [TensorType(elementType: try arguments.type(1).elementType, shape: try arguments.type(0).shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let type = try outputTypes(of: inputs)[0].elementType
        return [inputs.tensor(0).converted(to: type)]
    }
}
