import NeuralNetworks

extension OperatorRegistry {
    /// Functions of several tensors.
    static let arithmetic: [Entry] = [
        Entry("Mod", since: 10) { reader in
            BinaryElementwise(try reader.flag("fmod", default: false) ? .remainder : .modulo)
        },
        Entry("Equal", since: 7) { _ in Comparison(.equal) },
        Entry("Less", since: 7) { _ in Comparison(.less) },
        Entry("LessOrEqual", since: 12) { _ in Comparison(.lessOrEqual) },
        Entry("Greater", since: 7) { _ in Comparison(.greater) },
        Entry("GreaterOrEqual", since: 12) { _ in Comparison(.greaterOrEqual) },
        Entry("IsNaN", since: 9) { _ in NumberTest(.isNaN) },
        Entry("IsInf", since: 10) { reader in
            NumberTest(
                .isInfinite(
                    negative: try reader.flag("detect_negative", default: true),
                    positive: try reader.flag("detect_positive", default: true)))
        },
        Entry("And", since: 7) { _ in LogicalBinary(.and) },
        Entry("Or", since: 7) { _ in LogicalBinary(.or) },
        Entry("Xor", since: 7) { _ in LogicalBinary(.exclusiveOr) },
        Entry("Not") { _ in LogicalNot() },
        Entry("Where", since: 9) { _ in Conditional() },
        Entry("Sum") { _ in VariadicElementwise(.sum) },
        Entry("Mean") { _ in VariadicElementwise(.mean) },
        Entry("Max") { _ in VariadicElementwise(.maximum) },
        Entry("Min") { _ in VariadicElementwise(.minimum) },
        Entry("MatMul") { _ in MatrixMultiplication() },
        Entry("Einsum", since: 12) { reader in EinsteinSummation(try reader.text("equation")) },
        Entry("CumSum", since: 11) { reader in
            CumulativeSum(
                try reader.flag("exclusive", default: false) ? .exclusive : .inclusive,
                direction: try reader.flag("reverse", default: false) ? .backward : .forward)
        },
        Entry("Gemm") { reader in
            // Before version 7 the bias was broadcast only when asked to; it is checked either way.
            reader.ignore("broadcast")
            return try reader.gemm()
        },
        Entry("Gemm", since: 7) { reader in try reader.gemm() },
    ]

    static let binaryArithmetic: [Entry] = binary.flatMap { type, function in
        [
            Entry(type) { reader in
                // Before version 7, `axis` said where the second operand's axes stand in the first's;
                // without it they stand at the end, as ever since.
                reader.ignore("broadcast")
                return BinaryElementwise(function)
            },
            Entry(type, since: 7) { _ in BinaryElementwise(function) },
        ]
    }

    private static let binary: [(String, BinaryElementwise.Function)] = [
        ("Add", .add), ("Sub", .subtract), ("Mul", .multiply), ("Div", .divide), ("Pow", .power),
    ]
}

extension NodeReader {
    fileprivate mutating func gemm() throws(FormatProblem) -> Gemm {
        Gemm(
            alpha: try float("alpha", default: 1), beta: try float("beta", default: 1),
            transposeA: try flag("transA", default: false), transposeB: try flag("transB", default: false))
    }
}
