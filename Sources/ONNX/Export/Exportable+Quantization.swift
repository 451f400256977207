import NeuralNetworks

extension Quantization: Exportable {
    var since: Int { elementType == nil ? ONNXModel.writtenOperatorSet : 21 }

    func attributes() -> [Onnx_AttributeProto] {
        [.integer("axis", axis)] + (elementType.map { [.integer("output_dtype", $0.onnx.rawValue)] } ?? [])
    }
}

extension DynamicQuantization: Exportable {}

extension IntegerConvolution: Exportable {
    func attributes() -> [Onnx_AttributeProto] { window.attributes + [.integer("group", groups)] }
}

extension QuantizedConvolution: Exportable {
    func attributes() -> [Onnx_AttributeProto] { window.attributes + [.integer("group", groups)] }
}

extension IntegerMatrixMultiplication: Exportable {}

extension QuantizedMatrixMultiplication: Exportable {}

extension Dequantization: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}
