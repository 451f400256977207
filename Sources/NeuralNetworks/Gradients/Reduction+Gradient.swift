extension Reduction: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let data = inputs.tensor(0)
        let reduced = try axes(inputs.count > 1 ? inputs[1]?.integers : nil, rank: data.shape.rank)
        let kept = Shape(data.shape.dimensions.enumerated().map { reduced.contains($0) ? 1 : $1 })
        let count = Float(data.shape.elementCount / max(kept.elementCount, 1))
        let copies = kept.offsets(broadcastTo: data.shape)
        let (given, answer) = (gradient.elements, output.elements)
        let slope: (_ element: Float, _ answer: Float) -> Float
        switch function {
        case .sum: slope = { _, _ in 1 }
        case .mean: slope = { _, _ in 1 / count }
        case .sumOfSquares: slope = { element, _ in 2 * element }
        case .l1Norm: slope = { element, _ in element > 0 ? 1 : element < 0 ? -1 : 0 }
        case .l2Norm: slope = { element, norm in norm == 0 ? 0 : element / norm }
        case .maximum, .minimum, .product, .logarithmOfSum, .logarithmOfExponentialSum:
            throw invalid(.unsupported, "has no gradient here")
        }
        let result = zip(data.elements, copies).map { element, offset in given[offset] * slope(element, answer[offset])
        }
        return [Tensor(shape: data.shape, result)]
    }
}
