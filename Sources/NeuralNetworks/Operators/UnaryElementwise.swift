import Glibc

/// A function of one number, applied to every element.
///
/// Input and output: `float32` of any shape; functions that are defined on integers take those too.
///
/// Source: the ONNX operators of the functions' names.
public struct UnaryElementwise: Operator {
    public enum Function: Sendable, Hashable {
        case relu
        case leakyRelu(alpha: Float)
        case thresholdedRelu(alpha: Float)
        case elu(alpha: Float)
        case selu(alpha: Float, gamma: Float)
        case celu(alpha: Float)
        case sigmoid
        case hardSigmoid(alpha: Float, beta: Float)
        case hardSwish
        case swish(alpha: Float)
        case mish
        case gelu(approximation: GeluApproximation)
        case softplus
        case softsign
        case tanh
        case erf
        case exponential
        case logarithm
        case squareRoot
        case reciprocal
        case absolute
        case negate
        case sign
        case floor
        case ceiling
        /// To the nearest integer; halves to the even one.
        case round
        case sine, cosine, tangent
        case arcSine, arcCosine, arcTangent
        case hyperbolicSine, hyperbolicCosine
        case areaSine, areaCosine, areaTangent
        /// Zero within `lambda` of zero; other numbers come nearer to it by `bias`.
        case shrink(lambda: Float, bias: Float)
    }

    /// How the Gaussian distribution function in GELU is computed.
    public enum GeluApproximation: Sendable, Hashable {
        case none, tanh
    }

    public var function: Function

    public init(_ function: Function) { self.function = function }

    public var accuracy: AccuracyClass {
        switch function {
        case .relu, .absolute, .negate, .sign, .floor, .ceiling, .round: .exact
        default: .elementwise
        }
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let allowed: [ElementType] = integerFunction == nil ? [.float32] : [.float32, .int32, .int64]
        return [try Arguments(inputs, of: self, count: 1...1).type(0, of: allowed)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        switch (inputs.tensor(0).storage, integerFunction) {
        case (.float32(let elements), _):
            let function = floatFunction
            return [Tensor(shape: shape, elements.map(function))]
        case (.int32(let elements), let function?):
            return [Tensor(shape: shape, elements.map { Int32(truncatingIfNeeded: function(Int64($0))) })]
        case (.int64(let elements), let function?):
            return [Tensor(shape: shape, elements.map(function))]
        default: preconditionFailure("\(name) accepted \(inputs.tensor(0).elementType)")
        }
    }

    private var integerFunction: ((Int64) -> Int64)? {
        switch function {
        case .relu: { max($0, 0) }
        case .absolute: { $0 < 0 ? 0 &- $0 : $0 }
        case .negate: { 0 &- $0 }
        case .sign: { $0.signum() }
        default: nil
        }
    }

    private var floatFunction: (Float) -> Float {
        switch function {
        case .relu: { $0 < 0 ? 0 : $0 }
        case .leakyRelu(let alpha): { $0 < 0 ? alpha * $0 : $0 }
        case .thresholdedRelu(let alpha): { $0 > alpha ? $0 : 0 }
        case .elu(let alpha): { $0 < 0 ? alpha * expm1($0) : $0 }
        case .selu(let alpha, let gamma): { gamma * ($0 <= 0 ? alpha * expm1($0) : $0) }
        case .celu(let alpha): { max($0, 0) + min(alpha * expm1($0 / alpha), 0) }
        case .sigmoid: Self.sigmoid
        case .hardSigmoid(let alpha, let beta): { max(min(alpha * $0 + beta, 1), 0) }
        case .hardSwish: { $0 * max(0, min(1, $0 / 6 + 0.5)) }
        case .swish(let alpha): { $0 * Self.sigmoid(alpha * $0) }
        case .mish: { $0 * Glibc.tanh(Self.softplus($0)) }
        case .gelu(.none): { 0.5 * $0 * (1 + Glibc.erf($0 / Float(2).squareRoot())) }
        case .gelu(.tanh):
            { 0.5 * $0 * (1 + Glibc.tanh((2 / Float.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
        case .softplus: Self.softplus
        case .softsign: { $0 / (1 + abs($0)) }
        case .tanh: { Glibc.tanh($0) }
        case .erf: { Glibc.erf($0) }
        case .exponential: { exp($0) }
        case .logarithm: { log($0) }
        case .squareRoot: { $0.squareRoot() }
        case .reciprocal: { 1 / $0 }
        case .absolute: { abs($0) }
        case .negate: { -$0 }
        case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
        case .floor: { $0.rounded(.down) }
        case .ceiling: { $0.rounded(.up) }
        case .round: { $0.rounded(.toNearestOrEven) }
        case .sine: { sin($0) }
        case .cosine: { cos($0) }
        case .tangent: { tan($0) }
        case .arcSine: { asin($0) }
        case .arcCosine: { acos($0) }
        case .arcTangent: { atan($0) }
        case .hyperbolicSine: { sinh($0) }
        case .hyperbolicCosine: { cosh($0) }
        case .areaSine: { asinh($0) }
        case .areaCosine: { acosh($0) }
        case .areaTangent: { atanh($0) }
        case .shrink(let lambda, let bias): { $0 < -lambda ? $0 + bias : $0 > lambda ? $0 - bias : 0 }
        }
    }

    static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

    private static func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }
}
