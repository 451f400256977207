import Foundation
import NeuralNetworks

@testable import ONNX

/// A small good model to make bad ones of: `y = Conv(x, w)` with x `[1, 1, 4, 4]` and w `[1, 1, 3, 3]`.
enum CraftedModel {
    static let input = Tensor(shape: [1, 1, 4, 4], (0..<16).map(Float.init))

    static let good = Onnx_ModelProto.with { model in
        model.irVersion = 8
        model.opsetImport = [.with { $0.version = 17 }]
        model.graph.name = "crafted"
        model.graph.input = [port("x", [1, 1, 4, 4])]
        model.graph.output = [port("y", nil)]
        model.graph.initializer = [
            Tensor(shape: [1, 1, 3, 3], [Float](repeating: 0.5, count: 9)).proto(name: "w"),
            Tensor(shape: [1], [3] as [Int64]).proto(name: "three"),
            Tensor(shape: [1], [9] as [Int64]).proto(name: "nine"),
            Tensor(shape: [2], [0, 1] as [Float]).proto(name: "pair"),
        ]
        model.graph.node = [node("Conv", ["x", "w"], ["y"])]
    }

    static func model(_ change: (inout Onnx_ModelProto) -> Void) throws -> Data {
        var model = good
        change(&model)
        return try model.serializedBytes()
    }

    static func port(_ name: String, _ extents: [Int64]?, type: Onnx_TensorProto.DataType = .float)
        -> Onnx_ValueInfoProto
    {
        .with { value in
            value.name = name
            value.type.tensorType.elemType = Int32(type.rawValue)
            guard let extents else { return }
            value.type.tensorType.shape.dim = extents.map { extent in .with { $0.dimValue = extent } }
        }
    }

    static func node(
        _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [Onnx_AttributeProto] = []
    ) -> Onnx_NodeProto {
        .with {
            ($0.name, $0.opType, $0.input, $0.output, $0.attribute) = (
                type.lowercased(), type, inputs, outputs, attributes
            )
        }
    }

    /// The good model with another node, and integers that the node may read as `i`.
    static func replacing(node: Onnx_NodeProto, integers: [Int64]? = nil) -> HostileModelTests.Change {
        { model in
            model.graph.node = [node]
            if let integers {
                model.graph.initializer.append(Tensor(shape: [integers.count], integers).proto(name: "i"))
            }
        }
    }

    /// The good model with attributes on its convolution.
    static func convolution(_ attributes: Onnx_AttributeProto...) -> HostileModelTests.Change {
        replacing(node: node("Conv", ["x", "w"], ["y"], attributes))
    }
}
