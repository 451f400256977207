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

extension Concatenation: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Split: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Transpose: Exportable {
    func attributes() -> [Onnx_AttributeProto] { permutation.map { [.integers("perm", $0)] } ?? [] }
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

extension DiagonalMatrix: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [.integer("k", diagonal)] + (elementType.map { [.integer("dtype", $0.onnx.rawValue)] } ?? [])
    }
}

extension TriangularPart: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.flag("upper", side == .upper)] }
}

extension Squeeze: Exportable {}
extension Unsqueeze: Exportable {}
extension Expansion: Exportable {}
extension Tile: Exportable {}
extension Slice: Exportable {}
extension ElementCount: Exportable {}
extension NumberRange: Exportable {}
