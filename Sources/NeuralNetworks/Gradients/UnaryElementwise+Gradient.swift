import Glibc

extension UnaryElementwise: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let derivative = derivative
        return [gradient.combined(with: inputs.tensor(0)) { $0 * derivative($1) }]
    }

    /// Where a function has a corner, the slope on one side of it: that on which PyTorch takes it.
    private var derivative: (Float) -> Float {
        switch function {
        case .relu: { $0 > 0 ? 1 : 0 }
        case .leakyRelu(let alpha): { $0 > 0 ? 1 : alpha }
        case .thresholdedRelu(let alpha): { $0 > alpha ? 1 : 0 }
        case .elu(let alpha): { $0 > 0 ? 1 : alpha * exp($0) }
        case .selu(let alpha, let gamma): { gamma * ($0 > 0 ? 1 : alpha * exp($0)) }
        case .celu(let alpha): { $0 > 0 ? 1 : exp($0 / alpha) }
        case .sigmoid: { Self.sigmoid($0) * Self.sigmoid(-$0) }
        case .hardSigmoid(let alpha, let beta): { (0..<1).contains(alpha * $0 + beta) ? alpha : 0 }
        case .hardSwish: { $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5 }
        case .swish(let alpha):
            { Self.sigmoid(alpha * $0) * (1 + alpha * $0 * Self.sigmoid(-alpha * $0)) }
        case .mish:
            { x in
                let tanh = Glibc.tanh(max(x, 0) + log1p(exp(-abs(x))))
                return tanh + x * (1 - tanh * tanh) * Self.sigmoid(x)
            }
        case .gelu(.none):
            { 0.5 * (1 + Glibc.erf($0 / Float(2).squareRoot())) + $0 * exp(-$0 * $0 / 2) / (2 * Float.pi).squareRoot() }
        case .gelu(.tanh):
            { x in
                let factor = (2 / Float.pi).squareRoot()
                let tanh = Glibc.tanh(factor * (x + 0.044715 * x * x * x))
                return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * factor * (1 + 3 * 0.044715 * x * x)
            }
        case .softplus: Self.sigmoid
        case .softsign: { 1 / ((1 + abs($0)) * (1 + abs($0))) }
        case .tanh: { 1 - Glibc.tanh($0) * Glibc.tanh($0) }
        case .erf: { 2 / Float.pi.squareRoot() * exp(-$0 * $0) }
        case .exponential: { exp($0) }
        case .logarithm: { 1 / $0 }
        case .squareRoot: { 0.5 / $0.squareRoot() }
        case .reciprocal: { -1 / ($0 * $0) }
        case .absolute: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
        case .negate: { _ in -1 }
        case .sign, .floor, .ceiling, .round: { _ in 0 }
        case .sine: { cos($0) }
        case .cosine: { -sin($0) }
        case .tangent: { 1 / (cos($0) * cos($0)) }
        case .arcSine: { 1 / (1 - $0 * $0).squareRoot() }
        case .arcCosine: { -1 / (1 - $0 * $0).squareRoot() }
        case .arcTangent: { 1 / (1 + $0 * $0) }
        case .hyperbolicSine: { cosh($0) }
        case .hyperbolicCosine: { sinh($0) }
        case .areaSine: { 1 / ($0 * $0 + 1).squareRoot() }
        case .areaCosine: { 1 / ($0 * $0 - 1).squareRoot() }
        case .areaTangent: { 1 / (1 - $0 * $0) }
        case .shrink(let lambda, _): { abs($0) > lambda ? 1 : 0 }
        }
    }
}
