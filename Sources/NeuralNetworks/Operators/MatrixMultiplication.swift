/// The product of matrices in the last two axes, the others broadcast together.
///
/// Inputs, `float32`: `[..., M, K]` and `[..., K, N]`. Output: `[..., M, N]`. A vector stands for a row on the left
/// or a column on the right, and its axis of 1 is dropped from the output.
///
/// Source: ONNX operator MatMul, as NumPy's `matmul`.
public struct MatrixMultiplication: Operator {
    public init() {}

    public var name: String { "MatMul" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let plan = try plan(arguments.float32(0, rank: 1...), arguments.float32(1, rank: 1...))
        return [TensorType(elementType: .float32, shape: plan.output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (left, right) = (inputs.tensor(0), inputs.tensor(1))
        let plan = try plan(left.shape, right.shape)
        var result: [Float] = []
        result.reserveCapacity(plan.output.elementCount)
        let leftStarts = plan.leftBatches.offsets(broadcastTo: plan.batches)
        let rightStarts = plan.rightBatches.offsets(broadcastTo: plan.batches)
        for (first, second) in zip(leftStarts, rightStarts) {
            result += matrixProduct(
                inputs.floats(0)[(first * plan.rows * plan.inner)...],
                inputs.floats(1)[(second * plan.inner * plan.columns)...],
                rows: plan.rows, inner: plan.inner, columns: plan.columns)
        }
        return [Tensor(shape: plan.output, result)]
    }

    /// What is multiplied by what.
    struct Plan {
        let rows, inner, columns: Int
        let leftBatches, rightBatches, batches: Shape
        let output: Shape
    }

    func plan(_ left: Shape, _ right: Shape) throws -> Plan {
        let wideLeft = left.rank == 1 ? [1] + left.dimensions : left.dimensions
        let wideRight = right.rank == 1 ? right.dimensions + [1] : right.dimensions
        let (rows, inner) = (wideLeft[wideLeft.count - 2], wideLeft[wideLeft.count - 1])
        let columns = wideRight[wideRight.count - 1]
        let leftBatches = Shape(Array(wideLeft.dropLast(2)))
        let rightBatches = Shape(Array(wideRight.dropLast(2)))
        guard inner == wideRight[wideRight.count - 2], let batches = leftBatches.broadcast(with: rightBatches) else {
            throw invalid(.inputs, "cannot multiply \(left) by \(right)")
        }
        let output = batches.dimensions + (left.rank == 1 ? [] : [rows]) + (right.rank == 1 ? [] : [columns])
        return Plan(
            rows: rows, inner: inner, columns: columns, leftBatches: leftBatches, rightBatches: rightBatches,
            batches: batches, output: try shape(output))
    }
}

/// The product `[rows, columns]` of `left` `[rows, inner]` and `right` `[inner, columns]`, row-major.
func matrixProduct(
    _ left: ArraySlice<Float>, _ right: ArraySlice<Float>, rows: Int, inner: Int, columns: Int
) -> [Float] {
    var product = [Float](repeating: 0, count: rows * columns)
    left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
            product.withUnsafeMutableBufferPointer { product in
                for row in 0..<rows {
                    for index in 0..<inner {
                        let factor = left[row * inner + index]
                        for column in 0..<columns {
                            product[row * columns + column] += factor * right[index * columns + column]
                        }
                    }
                }
            }
        }
    }
    return product
}
