/// Quantised integers less their zero points, for sums of their products.
///
/// Sums wrap around at 32 bits, as the standard's accumulators do.
extension [Tensor?] {
    /// - Parameters:
    ///   - index: of an input of `uint8` or `int8`.
    ///   - zeroPoint: the index of its zero points, which may be omitted.
    ///   - shape: that of the zero points, as they are broadcast to the input.
    func levels(_ index: Int, less zeroPoint: Int, of shape: Shape) -> [Int32] {
        let levels = tensor(index).int32s
        guard indices.contains(zeroPoint), let zeros = self[zeroPoint]?.int32s else { return levels }
        if zeros.count == 1 { return levels.map { $0 - zeros[0] } }
        return zip(levels, shape.offsets(broadcastTo: tensor(index).shape)).map { $0 - zeros[$1] }
    }

    func shape(_ index: Int) -> Shape? { indices.contains(index) ? self[index]?.shape : nil }
}

extension Tensor {
    /// The elements of a quantised tensor, or of a bias.
    var int32s: [Int32] {
        guard case .int32(let elements) = converted(to: .int32).storage else {
            preconditionFailure("a tensor that was converted to int32 is \(elementType)")
        }
        return elements
    }

    /// Sums of products as quantised integers: `saturate(round(sum * scale) + zero point)`, halves to the even one.
    ///
    /// - Parameter scale: for the element of each index.
    static func quantized(
        _ sums: [Int32], _ type: TensorType, zeroPoint: Int32, scale: (_ index: Int) -> Float
    ) -> Tensor {
        let limits: ClosedRange<Float> = type.elementType == .uint8 ? 0...255 : -128...127
        let levels = sums.indices.map { index in
            let level = (Float(sums[index]) * scale(index)).rounded(.toNearestOrEven) + Float(zeroPoint)
            return level.isNaN ? 0 : Int32(min(max(level, limits.lowerBound), limits.upperBound))
        }
        return Tensor(shape: type.shape, levels).converted(to: type.elementType)
    }
}

extension Operator {
    /// Checks the zero points of an input of 8-bit integers.
    ///
    /// - Parameter shape: that of the zero points, as they are broadcast to the input.
    func checkZeroPoints(
        _ arguments: Arguments, _ index: Int, of data: TensorType, as shape: (Shape) -> Shape
    ) throws {
        guard let zeros = arguments.optionalType(index) else { return }
        guard zeros.elementType == data.elementType,
            zeros.shape.elementCount == 1 || shape(zeros.shape).broadcast(with: data.shape) == data.shape
        else { throw invalid(.inputs, "has zero points of \(zeros) for \(data)") }
    }

    /// The type of one number, which an input has to be.
    func oneNumber(
        _ arguments: Arguments, _ index: Int, of types: [ElementType]
    ) throws -> ElementType {
        let type = try arguments.type(index, of: types)
        guard type.shape.elementCount == 1 else { throw invalid(.inputs, "takes one number, not \(type)") }
        return type.elementType
    }
}
