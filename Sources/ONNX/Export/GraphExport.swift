import FoundationEssentials
import NeuralNetworks
import SwiftProtobuf

extension ONNXModel {
    /// The version of the operator set that models are written in where their operators allow it.
    public static let writtenOperatorSet = 17

    /// A graph as an ONNX file. The same graph gives the same bytes.
    ///
    /// - Parameters:
    ///   - producer: the program that the file names as its writer.
    ///   - metadata: what the file says about itself.
    /// - Throws: ``ONNXError`` naming every node that the format cannot express.
    public static func encode(
        _ graph: Graph, producer: String, metadata: [String: String] = [:]
    ) throws(ONNXError) -> Data {
        let operatorSet = graph.nodes.reduce(writtenOperatorSet) { newest, node in
            max(newest, node.since(constants: graph.initializers))
        }
        var model = Onnx_ModelProto()
        // What came with these versions of the operator set.
        model.irVersion = operatorSet <= 18 ? 8 : 10
        model.producerName = producer
        model.opsetImport = [.with { $0.version = Int64(operatorSet) }]
        model.metadataProps = metadata.sorted { $0.key < $1.key }.map { entry in
            .with { ($0.key, $0.value) = (entry.key, entry.value) }
        }
        model.graph = try graph.proto(operatorSet: operatorSet)
        do {
            return try model.serializedBytes()
        } catch {
            throw ONNXError(.limit, "the model is too large for one file: \(error)")
        }
    }
}

extension Graph {
    fileprivate func proto(operatorSet: Int) throws(ONNXError) -> Onnx_GraphProto {
        var problems: [ONNXError.Problem] = []
        var proto = Onnx_GraphProto()
        proto.name = name.isEmpty ? "network" : name
        proto.input = inputs.map { $0.proto(hasShape: true) }
        proto.output = outputs.map { $0.proto(hasShape: !$0.dimensions.isEmpty) }
        for node in nodes {
            do throws(FormatProblem) {
                proto.node.append(try node.proto(operatorSet: operatorSet, constants: initializers))
            } catch {
                problems.append(.init(error.kind, place: node.name, error.message))
            }
        }
        guard problems.isEmpty else { throw ONNXError(problems) }
        // Axes that have become an attribute need no initializer.
        let read = Set(proto.node.flatMap(\.input)).union(outputs.map(\.name))
        for (name, tensor) in initializers.sorted(by: { $0.key < $1.key }) where read.contains(name) {
            proto.initializer.append(tensor.proto(name: name))
        }
        return proto
    }
}

extension Graph.Node {
    /// The version of the operator set that first has what this node uses.
    fileprivate func since(constants: [String: Tensor]) -> Int {
        let since = (operation as? any Exportable)?.since ?? 0
        // Axes as inputs, computed or for part of a tensor, came with version 18.
        let computesAxes = takesAxesAsAttribute && inputs.count > 1 && inputs[1].map { constants[$0] == nil } ?? false
        return computesAxes || (operation is Padding && inputs.count > 3) ? max(since, 18) : since
    }

    private var takesAxesAsAttribute: Bool { operation is Reduction && operation.name != "ReduceSum" }

    fileprivate func proto(
        operatorSet: Int, constants: [String: Tensor]
    ) throws(FormatProblem) -> Onnx_NodeProto {
        guard let operation = operation as? any Exportable else {
            throw FormatProblem(.unsupported, "(\(operation.name)) has no form in ONNX")
        }
        var proto = Onnx_NodeProto()
        proto.name = name
        proto.opType = operation.name
        proto.attribute = try operation.attributes()
        proto.input = inputs.map { $0 ?? "" }
        proto.output = outputs.map { $0 ?? "" }
        if takesAxesAsAttribute, operatorSet < 18, inputs.count > 1 {
            if let axes = inputs[1].flatMap({ constants[$0]?.integers }) {
                proto.attribute.append(.integers("axes", axes))
            }
            proto.input.removeLast(proto.input.count - 1)
        }
        if let split = operation as? Split, inputs.count < 2, operatorSet >= 18 {
            proto.attribute.append(.integer("num_outputs", split.parts))
        }
        return proto
    }
}

extension Graph.Port {
    /// - Parameter hasShape: whether the dimensions are known; an output's may not be.
    fileprivate func proto(hasShape: Bool) -> Onnx_ValueInfoProto {
        .with { value in
            value.name = name
            value.type.tensorType.elemType = Int32(elementType.onnx.rawValue)
            if hasShape { value.type.tensorType.shape = Onnx_TensorShapeProto() }
            for dimension in dimensions {
                value.type.tensorType.shape.dim.append(
                    .with {
                        switch dimension {
                        case .fixed(let extent): $0.dimValue = Int64(extent)
                        case .symbolic(let name?): $0.dimParam = name
                        case .symbolic(nil): break
                        }
                    })
            }
        }
    }
}

extension ElementType {
    var onnx: Onnx_TensorProto.DataType {
        switch self {
        case .float32: .float
        case .int32: .int32
        case .int64: .int64
        case .bool: .bool
        case .uint8: .uint8
        case .int8: .int8
        }
    }
}

extension Tensor {
    /// - Parameter name: empty where the tensor is an attribute.
    func proto(name: String) -> Onnx_TensorProto {
        .with { proto in
            proto.name = name
            proto.dataType = Int32(elementType.onnx.rawValue)
            proto.dims = shape.dimensions.map(Int64.init)
            switch storage {
            case .float32(let elements): proto.rawData = elements.withUnsafeBytes { Data($0) }
            case .int32(let elements): proto.rawData = elements.withUnsafeBytes { Data($0) }
            case .int64(let elements): proto.rawData = elements.withUnsafeBytes { Data($0) }
            case .bool(let elements): proto.rawData = Data(elements.map { $0 ? 1 : 0 })
            case .uint8(let elements): proto.rawData = Data(elements)
            case .int8(let elements): proto.rawData = Data(elements.map { UInt8(bitPattern: $0) })
            }
        }
    }
}
