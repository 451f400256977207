import NeuralNetworks

extension UnaryElementwise: Exportable {
    var since: Int {
        switch function {
        case .mish: 18
        case .gelu: 20
        case .swish: 24
        default: ONNXModel.writtenOperatorSet
        }
    }

    func attributes() -> [Onnx_AttributeProto] {
        switch function {
        case .leakyRelu(let alpha), .thresholdedRelu(let alpha), .elu(let alpha), .celu(let alpha), .swish(let alpha):
            [.float("alpha", alpha)]
        case .selu(let alpha, let gamma): [.float("alpha", alpha), .float("gamma", gamma)]
        case .hardSigmoid(let alpha, let beta): [.float("alpha", alpha), .float("beta", beta)]
        case .shrink(let lambda, let bias): [.float("lambd", lambda), .float("bias", bias)]
        case .gelu(.none): [.string("approximate", "none")]
        case .gelu(.tanh): [.string("approximate", "tanh")]
        default: []
        }
    }
}

extension ParametricRelu: Exportable {
    func attributes() throws(FormatProblem) -> [Onnx_AttributeProto] {
        guard slopeAlignment == .lastAxes else {
            throw FormatProblem(.unsupported, "(\(name)) has slopes aligned as ONNX no longer does")
        }
        return []
    }
}

extension BinaryElementwise: Exportable {
    func attributes() -> [Onnx_AttributeProto] { function == .remainder ? [.flag("fmod", true)] : [] }
}

extension Conversion: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("to", elementType.onnx.rawValue)] }
}

extension Gemm: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [
            .float("alpha", alpha), .float("beta", beta), .flag("transA", transposeA), .flag("transB", transposeB),
        ]
    }
}

extension NumberTest: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        guard case .isInfinite(let negative, let positive) = condition else { return [] }
        return [.flag("detect_negative", negative), .flag("detect_positive", positive)]
    }
}

extension MatchingConversion: Exportable {}
extension Clip: Exportable {}
extension Comparison: Exportable {}
extension LogicalBinary: Exportable {}
extension LogicalNot: Exportable {}
extension Conditional: Exportable {}
extension VariadicElementwise: Exportable {}
extension MatrixMultiplication: Exportable {}
extension Identity: Exportable {}
