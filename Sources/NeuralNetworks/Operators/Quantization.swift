/// Rounds numbers to 8-bit integers: `saturate(round(x / scale) + zero point)`, halves to the even one.
///
/// Inputs: data, `float32`; the scale, `float32`, one number or one for each position along `axis`; and optionally the
/// zero points, of as many elements and of the output's type.
///
/// Source: Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
/// inference", 2018; ONNX operator QuantizeLinear.
public struct Quantization: Operator {
    /// Counted from the end where negative.
    public var axis: Int
    /// What elements become where no zero points tell it: `uint8` or `int8`; nil for `uint8`.
    public var elementType: ElementType?

    public init(axis: Int = 1, elementType: ElementType? = nil) {
        self.axis = axis
        self.elementType = elementType
    }

    public var name: String { "QuantizeLinear" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let data = try arguments.float32(0)
        try checkScale(arguments, data: data, axis: axis)
        let type = arguments.optionalType(2)?.elementType ?? elementType ?? .uint8
        guard type == .uint8 || type == .int8, elementType == nil || elementType == type else {
            throw invalid(.unsupported, "cannot quantise to \(type)")
        }
        return [TensorType(elementType: type, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let type = try outputTypes(of: inputs)[0]
        let limits: ClosedRange<Float> = type.elementType == .uint8 ? 0...255 : -128...127
        let (scales, zeros) = (inputs.floats(1), inputs.zeroPoints)
        let data = inputs.floats(0)
        var quantized = [Int32](repeating: 0, count: data.count)
        try forEachScale(of: type.shape, count: scales.count, axis: axis) { position, offset in
            let level = (data[offset] / scales[position]).rounded(.toNearestOrEven) + Float(zeros?[position] ?? 0)
            quantized[offset] = level.isNaN ? 0 : Int32(min(max(level, limits.lowerBound), limits.upperBound))
        }
        return [Tensor(shape: type.shape, quantized).converted(to: type.elementType)]
    }
}

/// Turns quantised integers back into numbers: `(x - zero point) * scale`.
///
/// Inputs: data, `uint8`, `int8` or `int32`; the scale, `float32`, one number or one for each position along `axis`;
/// and optionally the zero points, of as many elements and of the data's type.
///
/// Source: ONNX operator DequantizeLinear.
public struct Dequantization: Operator {
    /// Counted from the end where negative.
    public var axis: Int

    public init(axis: Int = 1) { self.axis = axis }

    public var name: String { "DequantizeLinear" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let data = try arguments.type(0, of: [.uint8, .int8, .int32])
        try checkScale(arguments, data: data.shape, axis: axis)
        guard arguments.optionalType(2).map({ $0.elementType == data.elementType }) ?? true else {
            throw invalid(.inputs, "has zero points of another type than \(data.elementType)")
        }
        return [TensorType(elementType: .float32, shape: data.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        guard let levels = inputs.tensor(0).converted(to: .int64).integers else {
            preconditionFailure("DequantizeLinear accepted no integers")
        }
        let (scales, zeros) = (inputs.floats(1), inputs.zeroPoints)
        var data = [Float](repeating: 0, count: levels.count)
        try forEachScale(of: shape, count: scales.count, axis: axis) { position, offset in
            data[offset] = Float(levels[offset] - (zeros?[position] ?? 0)) * scales[position]
        }
        return [Tensor(shape: shape, data)]
    }
}

extension Operator {
    /// Checks that scales and zero points are one number each, or one for each position along `axis`.
    fileprivate func checkScale(_ arguments: Arguments, data: Shape, axis: Int) throws {
        let scale = try arguments.float32(1, rank: 0...1)
        if scale.rank == 1, scale != [1] {
            guard scale[0] == data[try resolve(axis: axis, rank: data.rank)] else {
                throw invalid(.inputs, "has \(scale) scales for \(data) along axis \(axis)")
            }
        }
        // Writers mix one number as a list and as a scalar.
        if let zeros = arguments.optionalType(2), zeros.shape.elementCount != scale.elementCount || zeros.shape.rank > 1
        {
            throw invalid(.inputs, "has zero points of \(zeros.shape) for scales of \(scale)")
        }
    }

    /// Calls `body` for each element with the number of its scale.
    fileprivate func forEachScale(
        of shape: Shape, count: Int, axis: Int, _ body: (_ scale: Int, _ offset: Int) -> Void
    ) throws {
        guard count > 1 else {
            for offset in 0..<shape.elementCount { body(0, offset) }
            return
        }
        let planes = Planes(shape, channelAxis: try resolve(axis: axis, rank: shape.rank))
        for channel in 0..<planes.channels { planes.forEachOffset(of: channel) { body(channel, $0) } }
    }
}

extension [Tensor?] {
    fileprivate var zeroPoints: [Int]? { count > 2 ? self[2]?.converted(to: .int64).integers : nil }
}
