import NeuralNetworks

extension Reduction: Exportable {
    var since: Int {
        function == .sum || defaultAxes == .all ? ONNXModel.writtenOperatorSet : 18
    }

    func attributes() -> [Onnx_AttributeProto] {
        let attributes: [Onnx_AttributeProto] = [.flag("keepdims", keepsDimensions)]
        return defaultAxes == .all ? attributes : attributes + [.flag("noop_with_empty_axes", true)]
    }
}

extension ArgumentExtremum: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.integer("axis", axis), .flag("keepdims", keepsDimension), .flag("select_last_index", tie == .last)]
    }
}

extension TopElements: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.integer("axis", axis), .flag("largest", extremum == .largest)]
    }
}

extension CumulativeSum: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.flag("exclusive", extent == .exclusive), .flag("reverse", direction == .backward)]
    }
}

extension EinsteinSummation: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.string("equation", equation)] }
}

extension ScatterND: Exportable {
    var since: Int { combination == .maximum || combination == .minimum ? 18 : ONNXModel.writtenOperatorSet }

    func attributes() -> [Onnx_AttributeProto] {
        switch combination {
        case .replace: []
        case .add: [.string("reduction", "add")]
        case .multiply: [.string("reduction", "mul")]
        case .maximum: [.string("reduction", "max")]
        case .minimum: [.string("reduction", "min")]
        }
    }
}

extension Concatenation: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Split: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Transpose: Exportable {
    func attributes() -> [Onnx_AttributeProto] { permutation.map { [.integers("perm", $0)] } ?? [] }
}

extension Gather: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension GatherElements: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Flatten: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Reshape: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.flag("allowzero", zeros == .literal)] }
}

extension ShapeOf: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.integer("start", start)] + (end.map { [.integer("end", $0)] } ?? [])
    }
}

extension ConstantOfShape: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.tensor("value", value.reshaped(to: [1]))] }
}

extension DepthToSpace: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.integer("blocksize", blockSize), .string("mode", order == .blockFirst ? "DCR" : "CRD")]
    }
}

extension SpaceToDepth: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("blocksize", blockSize)] }
}

extension Squeeze: Exportable {}
extension Unsqueeze: Exportable {}
extension Expansion: Exportable {}
extension Tile: Exportable {}
extension Slice: Exportable {}
extension ElementCount: Exportable {}
extension NumberRange: Exportable {}
