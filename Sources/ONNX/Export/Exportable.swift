import FoundationEssentials
import NeuralNetworks

/// An operator that has a form in ONNX.
protocol Exportable: Operator {
    /// The version of the operator set that first has this form.
    var since: Int { get }

    /// The attributes, in the form of `writtenOperatorSet` or, where that is newer, of `since`.
    func attributes() throws(FormatProblem) -> [Onnx_AttributeProto]
}

extension Exportable {
    var since: Int { ONNXModel.writtenOperatorSet }

    func attributes() throws(FormatProblem) -> [Onnx_AttributeProto] { [] }
}

extension Onnx_AttributeProto {
    static func integer(_ name: String, _ value: Int) -> Self {
        .with { ($0.name, $0.type, $0.i) = (name, .int, Int64(value)) }
    }

    static func flag(_ name: String, _ value: Bool) -> Self { .integer(name, value ? 1 : 0) }

    static func float(_ name: String, _ value: Float) -> Self {
        .with { ($0.name, $0.type, $0.f) = (name, .float, value) }
    }

    static func string(_ name: String, _ value: String) -> Self {
        .with { ($0.name, $0.type, $0.s) = (name, .string, Data(value.utf8)) }
    }

    static func integers(_ name: String, _ values: [Int]) -> Self {
        .with { ($0.name, $0.type, $0.ints) = (name, .ints, values.map(Int64.init)) }
    }

    static func tensor(_ name: String, _ value: Tensor) -> Self {
        .with { ($0.name, $0.type, $0.t) = (name, .tensor, value.proto(name: "")) }
    }
}
