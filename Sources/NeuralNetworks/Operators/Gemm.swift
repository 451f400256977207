/// A fully connected layer: `alpha * A * B + beta * C`.
///
/// Inputs, `float32`: A `[M, K]` and B `[K, N]` (each the other way round where transposed), and optionally C,
/// which broadcasts to `[M, N]`, the output's shape.
///
/// Source: ONNX operator Gemm.
public struct Gemm: Operator {
    public var alpha: Float
    public var beta: Float
    public var transposeA: Bool
    public var transposeB: Bool

    public init(alpha: Float = 1, beta: Float = 1, transposeA: Bool = false, transposeB: Bool = false) {
        self.alpha = alpha
        self.beta = beta
        self.transposeA = transposeA
        self.transposeB = transposeB
    }

    public var name: String { "Gemm" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let left = try arguments.float32(0, rank: 2...2)
        let right = try arguments.float32(1, rank: 2...2)
        guard left[transposeA ? 0 : 1] == right[transposeB ? 1 : 0] else {
            throw invalid(.inputs, "cannot multiply \(left) by \(right)")
        }
        let output = try shape([left[transposeA ? 1 : 0], right[transposeB ? 0 : 1]])
        if arguments.optionalType(2) != nil {
            let bias = try arguments.float32(2)
            guard bias.broadcast(with: output) == output else {
                throw invalid(.inputs, "cannot broadcast \(bias) to \(output)")
            }
        }
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let left = transposeA ? inputs.tensor(0).transposed([1, 0]) : inputs.tensor(0)
        let right = transposeB ? inputs.tensor(1).transposed([1, 0]) : inputs.tensor(1)
        guard let lhs = left.floats, let rhs = right.floats else { preconditionFailure("Gemm accepted no floats") }
        var result = matrixProduct(lhs[...], rhs[...], rows: output[0], inner: left.shape[1], columns: output[1])
        if alpha != 1 { result = result.map { alpha * $0 } }
        if let bias = inputs.optionalFloats(2) {
            result = broadcast(result, output, bias, inputs.tensor(2).shape, to: output) { $0 + beta * $1 }
        }
        return [Tensor(shape: output, result)]
    }
}
