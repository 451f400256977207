import NeuralNetworks

extension Window {
    var attributes: [Onnx_AttributeProto] {
        var attributes: [Onnx_AttributeProto] = []
        let lists = [("kernel_shape", kernelShape), ("strides", strides), ("dilations", dilations)]
        for case (let name, let values?) in lists { attributes.append(.integers(name, values)) }
        switch automaticPadding {
        case .explicit: if let pads { attributes.append(.integers("pads", pads)) }
        case .valid: attributes.append(.string("auto_pad", "VALID"))
        case .sameUpper: attributes.append(.string("auto_pad", "SAME_UPPER"))
        case .sameLower: attributes.append(.string("auto_pad", "SAME_LOWER"))
        }
        return attributes
    }
}

extension Convolution: Exportable {
    func attributes() -> [Onnx_AttributeProto] { window.attributes + [.integer("group", groups)] }
}

extension ConvolutionTranspose: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        var attributes = window.attributes + [.integer("group", groups)]
        if let outputPadding { attributes.append(.integers("output_padding", outputPadding)) }
        if let outputShape { attributes.append(.integers("output_shape", outputShape)) }
        return attributes
    }
}

extension MaxPooling: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        window.attributes + [
            .flag("ceil_mode", rounding == .ceiling), .flag("storage_order", storageOrder == .columnMajor),
        ]
    }
}

extension AveragePooling: Exportable {
    var since: Int { window.dilations == nil ? ONNXModel.writtenOperatorSet : 19 }

    func attributes() -> [Onnx_AttributeProto] {
        window.attributes + [
            .flag("ceil_mode", rounding == .ceiling), .flag("count_include_pad", countsPadding),
        ]
    }
}

extension GlobalPooling: Exportable {}

extension NormPooling: Exportable {
    var since: Int { window?.dilations == nil && rounding == .floor ? ONNXModel.writtenOperatorSet : 18 }

    func attributes() -> [Onnx_AttributeProto] {
        let ceiling: [Onnx_AttributeProto] = rounding == .ceiling ? [.flag("ceil_mode", true)] : []
        return [.integer("p", order)] + (window?.attributes ?? []) + ceiling
    }
}

extension MaxUnpooling: Exportable {
    func attributes() -> [Onnx_AttributeProto] { window.attributes }
}

extension ColumnsToImage: Exportable {
    var since: Int { 18 }

    func attributes() -> [Onnx_AttributeProto] { window.attributes }
}

extension DeformableConvolution: Exportable {
    var since: Int { 19 }

    func attributes() -> [Onnx_AttributeProto] {
        window.attributes + [.integer("group", groups), .integer("offset_group", offsetGroups)]
    }
}
