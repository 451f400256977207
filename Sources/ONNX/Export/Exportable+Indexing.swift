import NeuralNetworks

extension Gather: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension GatherElements: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension GatherND: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("batch_dims", batchAxes)] }
}

extension ScatterCombination {
    /// The version of the operator set that first has this one.
    fileprivate var since: Int { self == .maximum || self == .minimum ? 18 : ONNXModel.writtenOperatorSet }

    fileprivate var attributes: [Onnx_AttributeProto] {
        switch self {
        case .replace: []
        case .add: [.string("reduction", "add")]
        case .multiply: [.string("reduction", "mul")]
        case .maximum: [.string("reduction", "max")]
        case .minimum: [.string("reduction", "min")]
        }
    }
}

extension ScatterND: Exportable {
    var since: Int { combination.since }

    func attributes() -> [Onnx_AttributeProto] { combination.attributes }
}

extension ScatterElements: Exportable {
    var since: Int { combination.since }

    func attributes() -> [Onnx_AttributeProto] { combination.attributes + [.integer("axis", axis)] }
}

extension OneHot: Exportable {
    func attributes() -> [Onnx_AttributeProto] { [.integer("axis", axis)] }
}

extension Compression: Exportable {
    func attributes() -> [Onnx_AttributeProto] { axis.map { [.integer("axis", $0)] } ?? [] }
}

extension SelectedPositions: Exportable {}
