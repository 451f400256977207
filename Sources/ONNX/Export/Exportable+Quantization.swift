import NeuralNetworks

extension Quantization: Exportable {
    var since: Int { elementType == nil ? ONNXModel.writtenOperatorSet : 21 }

    func attributes() -> [Onnx_AttributeProto] {
        [.integer("axis", axis)] + (elementType.map { [.integer("output_dtype", $0.onnx.rawValue)] } ?? [])
    }
}

extension Dequantization: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}
