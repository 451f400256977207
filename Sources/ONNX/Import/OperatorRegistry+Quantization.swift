import NeuralNetworks

extension OperatorRegistry {
    /// Operators between numbers and the 8-bit integers that stand for them.
    static let quantization: [Entry] = [
        Entry("QuantizeLinear", since: 10) { _ in Quantization() },
        Entry("QuantizeLinear", since: 13) { reader in
            // Says something about 8-bit floats only.
            reader.ignore("saturate")
            try reader.refuseBlocks()
            let type = try reader.integer("output_dtype", default: 0)
            return Quantization(
                axis: try reader.integer("axis", default: 1),
                elementType: type == 0 ? nil : try ElementType(onnx: type))
        },
        Entry("DequantizeLinear", since: 10) { _ in Dequantization() },
        Entry("DequantizeLinear", since: 13) { reader in
            try reader.refuseBlocks()
            return Dequantization(axis: try reader.integer("axis", default: 1))
        },
        Entry("DynamicQuantizeLinear", since: 11) { _ in DynamicQuantization() },
        Entry("ConvInteger", since: 10) { reader in
            IntegerConvolution(window: try reader.window(), groups: try reader.integer("group", default: 1))
        },
        Entry("QLinearConv", since: 10) { reader in
            QuantizedConvolution(window: try reader.window(), groups: try reader.integer("group", default: 1))
        },
        Entry("MatMulInteger", since: 10) { _ in IntegerMatrixMultiplication() },
        Entry("QLinearMatMul", since: 10) { _ in QuantizedMatrixMultiplication() },
    ]
}

extension NodeReader {
    fileprivate mutating func refuseBlocks() throws(FormatProblem) {
        guard try integer("block_size", default: 0) == 0 else {
            throw FormatProblem(.unsupported, "quantises block by block")
        }
    }
}
