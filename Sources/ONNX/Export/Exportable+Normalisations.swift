import NeuralNetworks

extension BatchNormalization: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        guard case .training(let momentum) = mode else { return [.float("epsilon", epsilon)] }
        return [.float("epsilon", epsilon), .float("momentum", momentum), .flag("training_mode", true)]
    }
}

extension GroupNormalization: Exportable {
    var since: Int { grouping == .instances ? ONNXModel.writtenOperatorSet : 21 }

    func attributes() -> [Onnx_AttributeProto] {
        guard case .groups(let count) = grouping else { return [.float("epsilon", epsilon)] }
        return [.float("epsilon", epsilon), .integer("num_groups", count)]
    }
}

extension LayerNormalization: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis), .float("epsilon", epsilon)] }
}

extension LocalResponseNormalization: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.integer("size", size), .float("alpha", alpha), .float("beta", beta), .float("bias", bias)]
    }
}

extension Softmax: Exportable {
    func attributes() throws(FormatProblem) -> [Onnx_AttributeProto] {
        // An axis that is the last one has none following.
        guard extent == .axis || axis == -1 else {
            throw FormatProblem(.unsupported, "(\(name)) is over several axes, which ONNX no longer has")
        }
        return [.integer("axis", axis)]
    }
}

extension Hardmax: Exportable {
    func attributes() throws(FormatProblem) -> [Onnx_AttributeProto] {
        guard extent == .axis || axis == -1 else {
            throw FormatProblem(.unsupported, "(\(name)) is over several axes, which ONNX no longer has")
        }
        return [.integer("axis", axis)]
    }
}

extension MeanVarianceNormalization: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integers("axes", axes)] }
}

extension NormNormalization: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis), .integer("p", norm == .l1 ? 1 : 2)] }
}

extension Dropout: Exportable {}
