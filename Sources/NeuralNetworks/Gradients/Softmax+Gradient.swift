import Glibc

extension Softmax: DifferentiableOperator {
    /// With `s` the sum over what is normalised together: `dx = y (dy - s(y dy))`, for logarithms `dx = dy - exp(y) s(dy)`.
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let (answer, given) = (output.elements, gradient.elements)
        var result = given
        try forEachGroup(of: output.shape) { offsets in
            let sum = offsets.reduce(Float(0)) { $0 + given[$1] * (kind == .probabilities ? answer[$1] : 1) }
            for offset in offsets {
                result[offset] =
                    kind == .probabilities
                    ? answer[offset] * (given[offset] - sum) : given[offset] - exp(answer[offset]) * sum
            }
        }
        return [Tensor(shape: output.shape, result)]
    }
}
