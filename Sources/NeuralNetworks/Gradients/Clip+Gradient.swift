extension Clip: DifferentiableOperator {
    /// Nothing goes through to what lies at a limit or beyond it.
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let least = inputs.optionalFloats(1)?.first ?? -.infinity
        let most = inputs.optionalFloats(2)?.first ?? .infinity
        return [gradient.combined(with: inputs.tensor(0)) { $1 > least && $1 < most ? $0 : 0 }]
    }
}
