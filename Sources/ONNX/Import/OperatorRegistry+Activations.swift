import NeuralNetworks

extension OperatorRegistry {
    /// Functions of one element.
    static let activations: [Entry] = [
        Entry("LeakyRelu") { reader in
            UnaryElementwise(.leakyRelu(alpha: try reader.float("alpha", default: 0.01)))
        },
        Entry("ThresholdedRelu") { reader in
            UnaryElementwise(.thresholdedRelu(alpha: try reader.float("alpha", default: 1)))
        },
        Entry("Elu") { reader in UnaryElementwise(.elu(alpha: try reader.float("alpha", default: 1))) },
        Entry("Selu") { reader in
            UnaryElementwise(
                .selu(
                    alpha: try reader.float("alpha", default: 1.67326319217681884765625),
                    gamma: try reader.float("gamma", default: 1.05070102214813232421875)))
        },
        Entry("Celu", since: 12) { reader in
            UnaryElementwise(.celu(alpha: try reader.float("alpha", default: 1)))
        },
        Entry("HardSigmoid") { reader in
            UnaryElementwise(
                .hardSigmoid(
                    alpha: try reader.float("alpha", default: 0.2), beta: try reader.float("beta", default: 0.5)))
        },
        Entry("Gelu", since: 20) { reader in
            UnaryElementwise(
                .gelu(
                    approximation: try reader.choice("approximate", default: .none, ["none": .none, "tanh": .tanh])))
        },
        Entry("Swish", since: 24) { reader in
            UnaryElementwise(.swish(alpha: try reader.float("alpha", default: 1)))
        },
        Entry("Shrink", since: 9) { reader in
            UnaryElementwise(
                .shrink(
                    lambda: try reader.float("lambd", default: 0.5), bias: try reader.float("bias", default: 0)))
        },
        Entry("PRelu") { _ in ParametricRelu(slopeAlignment: .channels) },
        Entry("PRelu", since: 7) { _ in ParametricRelu() },
        Entry("Clip") { reader in
            try reader.supply(try reader.optionalFloat("min").map { Tensor(shape: [], [$0]) }, asInput: 1)
            try reader.supply(try reader.optionalFloat("max").map { Tensor(shape: [], [$0]) }, asInput: 2)
            return Clip()
        },
        Entry("Clip", since: 11) { _ in Clip() },
    ]

    static let parameterlessActivations: [Entry] = parameterless.map { type, since, function in
        Entry(type, since: since) { _ in UnaryElementwise(function) }
    }

    private static let parameterless: [(String, Int, UnaryElementwise.Function)] = [
        ("Relu", 1, .relu), ("Sigmoid", 1, .sigmoid), ("Tanh", 1, .tanh), ("HardSwish", 14, .hardSwish),
        ("Mish", 18, .mish), ("Softplus", 1, .softplus), ("Softsign", 1, .softsign), ("Erf", 9, .erf),
        ("Exp", 1, .exponential), ("Log", 1, .logarithm), ("Sqrt", 1, .squareRoot), ("Reciprocal", 1, .reciprocal),
        ("Abs", 1, .absolute), ("Neg", 1, .negate), ("Sign", 9, .sign), ("Floor", 1, .floor), ("Ceil", 1, .ceiling),
        ("Round", 11, .round), ("Sin", 7, .sine), ("Cos", 7, .cosine), ("Tan", 7, .tangent),
        ("Asin", 7, .arcSine), ("Acos", 7, .arcCosine), ("Atan", 7, .arcTangent), ("Sinh", 9, .hyperbolicSine),
        ("Cosh", 9, .hyperbolicCosine), ("Asinh", 9, .areaSine), ("Acosh", 9, .areaCosine), ("Atanh", 9, .areaTangent),
    ]
}
