extension Gemm: DifferentiableOperator {
    public var learnedInputs: Range<Int> { 1..<3 }

    /// With `A` and `B` as they are multiplied, `dA = alpha dY Bᵀ`, `dB = alpha Aᵀ dY` and `dC = beta dY`.
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let left = transposeA ? inputs.tensor(0).transposed([1, 0]) : inputs.tensor(0)
        let right = transposeB ? inputs.tensor(1).transposed([1, 0]) : inputs.tensor(1)
        let scaled = Tensor(shape: gradient.shape, gradient.elements.map { alpha * $0 })
        let byLeft = scaled.multiplied(by: right.transposed([1, 0]))
        let byRight = left.transposed([1, 0]).multiplied(by: scaled)
        var gradients: [Tensor?] = [
            transposeA ? byLeft.transposed([1, 0]) : byLeft, transposeB ? byRight.transposed([1, 0]) : byRight,
        ]
        if inputs.count > 2, let bias = inputs[2] {
            let whole = Tensor(shape: gradient.shape, gradient.elements.map { beta * $0 })
            gradients.append(whole.summed(to: bias.shape))
        }
        return gradients
    }
}

extension MatrixMultiplication: DifferentiableOperator {
    public var learnedInputs: Range<Int> { 0..<2 }

    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let (left, right) = (inputs.tensor(0), inputs.tensor(1))
        guard left.shape.rank > 1, right.shape.rank > 1 else {
            throw invalid(.unsupported, "of a vector has no gradient here: give the vector a second axis")
        }
        let byLeft = try evaluate([gradient, right.matricesTransposed()])[0]
        let byRight = try evaluate([left.matricesTransposed(), gradient])[0]
        return [byLeft.summed(to: left.shape), byRight.summed(to: right.shape)]
    }
}

extension Tensor {
    /// The product with another matrix.
    fileprivate func multiplied(by other: Tensor) -> Tensor {
        Tensor(
            shape: [shape[0], other.shape[1]],
            matrixProduct(
                elements[...], other.elements[...], rows: shape[0], inner: shape[1], columns: other.shape[1]))
    }

    /// With the last two axes the other way round.
    fileprivate func matricesTransposed() -> Tensor {
        let rank = shape.rank
        return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
    }
}
