/// The product of matrices of 8-bit integers less their zero points, summed in 32 bits.
///
/// Inputs: `[..., M, K]` and `[..., K, N]`, each `uint8` or `int8`; and optionally their zero points: one number, one for each
/// row of the first and each column of the second, or as many as are broadcast to them. Output: `[..., M, N]`, `int32`.
///
/// Source: ONNX operator MatMulInteger.
public struct IntegerMatrixMultiplication: Operator {
    public init() {}

    public var name: String { "MatMulInteger" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...4)
        let (left, right) = (try arguments.type(0, of: [.uint8, .int8]), try arguments.type(1, of: [.uint8, .int8]))
        try checkZeroPoints(arguments, 2, of: left) { $0.perRow }
        try checkZeroPoints(arguments, 3, of: right) { $0 }
        return [TensorType(elementType: .int32, shape: try plan(left.shape, right.shape).output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        _ = try outputTypes(of: inputs)
        let plan = try plan(inputs.tensor(0).shape, inputs.tensor(1).shape)
        let sums = plan.sums(
            inputs.levels(0, less: 2, of: inputs.shape(2)?.perRow ?? []),
            inputs.levels(1, less: 3, of: inputs.shape(3) ?? []))
        return [Tensor(shape: plan.output, sums)]
    }

    private func plan(_ left: Shape, _ right: Shape) throws -> MatrixMultiplication.Plan {
        guard left.rank > 0, right.rank > 0 else { throw invalid(.inputs, "cannot multiply \(left) by \(right)") }
        return try MatrixMultiplication().plan(left, right)
    }
}

/// The product of quantised matrices that gives a quantised one.
///
/// Inputs: `[..., M, K]`, its scale and zero point, `[..., K, N]`, its scale and zero point, and scale and zero point of the
/// output `[..., M, N]`. Matrices are `uint8` or `int8`, each as its zero point; scales and zero points are one number, or
/// one for each row of the first, each column of the second.
///
/// Source: ONNX operator QLinearMatMul.
public struct QuantizedMatrixMultiplication: Operator {
    public init() {}

    public var name: String { "QLinearMatMul" }
    /// Another order of roundings may end at the next integer.
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 8...8)
        let (left, right) = (
            try arguments.type(0, of: [.uint8, .int8], rank: 1...),
            try arguments.type(3, of: [.uint8, .int8], rank: 1...)
        )
        try checkZeroPoints(arguments, 2, of: left) { $0.perRow }
        try checkZeroPoints(arguments, 5, of: right) { $0 }
        _ = try oneNumber(arguments, 6, of: [.float32])
        let type = try oneNumber(arguments, 7, of: [.uint8, .int8])
        let output = try MatrixMultiplication().plan(left.shape, right.shape).output
        for scales in [try arguments.float32(1).perRow, try arguments.float32(4)] {
            guard scales.elementCount == 1 || scales.broadcast(with: output) == output else {
                throw invalid(.inputs, "has scales of \(scales) for a product of \(output)")
            }
        }
        return [TensorType(elementType: type, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let type = try outputTypes(of: inputs)[0]
        let plan = try MatrixMultiplication().plan(inputs.tensor(0).shape, inputs.tensor(3).shape)
        let sums = plan.sums(
            inputs.levels(0, less: 2, of: inputs.shape(2)?.perRow ?? []),
            inputs.levels(3, less: 5, of: inputs.shape(5) ?? []))
        let (rows, columns) = (
            inputs.scales(1, of: inputs.tensor(1).shape.perRow, to: type.shape),
            inputs.scales(4, of: inputs.tensor(4).shape, to: type.shape)
        )
        let result = inputs.floats(6)[0]
        return [
            .quantized(sums, type, zeroPoint: inputs.tensor(7).int32s[0]) { rows[$0] * columns[$0] / result }
        ]
    }
}

extension [Tensor?] {
    /// A scale for each element of a product.
    fileprivate func scales(_ index: Int, of shape: Shape, to product: Shape) -> [Float] {
        let scales = floats(index)
        if scales.count == 1 { return [Float](repeating: scales[0], count: product.elementCount) }
        return shape.offsets(broadcastTo: product).map { scales[$0] }
    }
}

extension Shape {
    /// Numbers for a matrix's rows, as they are broadcast to it.
    fileprivate var perRow: Shape { rank == 1 && self != [1] ? [self[0], 1] : self }
}

extension MatrixMultiplication.Plan {
    /// Products of all matrices, row-major.
    fileprivate func sums(_ left: [Int32], _ right: [Int32]) -> [Int32] {
        var sums: [Int32] = []
        sums.reserveCapacity(output.elementCount)
        for (first, second) in zip(
            leftBatches.offsets(broadcastTo: batches), rightBatches.offsets(broadcastTo: batches))
        {
            var product = [Int32](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for index in 0..<inner {
                    let factor = left[(first * rows + row) * inner + index]
                    let start = (second * inner + index) * columns
                    for column in 0..<columns { product[row * columns + column] &+= factor &* right[start + column] }
                }
            }
            sums += product
        }
        return sums
    }
}
