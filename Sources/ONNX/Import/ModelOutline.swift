import FoundationEssentials
import SwiftProtobuf

/// A model without its weights, and where they stand: weights are read one by one, so that a large model's bytes and
/// its tensors are never both in memory.
struct ModelOutline {
    /// An initializer without its raw data, and where that stands.
    struct Initializer {
        let tensor: Onnx_TensorProto
        let rawData: Range<Int>?
    }

    let model: Onnx_ModelProto
    let initializers: [Initializer]

    /// Numbers of fields in `onnx.proto`.
    private enum Field {
        static let modelGraph: UInt64 = 7
        static let graphInitializer: UInt64 = 5
        static let tensorRawData: UInt64 = 9
    }

    /// A model has some thousands; more than this is an attack.
    private static let largestCount = 1 << 20

    /// - Throws: ``ONNXError`` where the bytes are no ONNX model.
    init(_ source: inout ByteSource) throws(ONNXError) {
        var (initializers, outline) = ([Initializer](), Data())
        var position = 0
        while position < source.count {
            let field = try source.field(at: position, end: source.count)
            position = field.whole.upperBound
            guard field.number == Field.modelGraph, let graph = field.payload else {
                outline.append(try source.bytes(field.whole))
                continue
            }
            let tensors = try source.cut(Field.graphInitializer, from: graph)
            guard initializers.count + tensors.payloads.count <= Self.largestCount else {
                throw ONNXError(.limit, "the model has \(tensors.payloads.count) initializers")
            }
            for tensor in tensors.payloads {
                let rawData = try source.cut(Field.tensorRawData, from: tensor)
                initializers.append(Initializer(tensor: try Self.decoded(rawData.rest), rawData: rawData.payloads.last))
            }
            outline.append(field: field.number, tensors.rest)
        }
        model = try Self.decoded(outline)
        self.initializers = initializers
    }

    private static func decoded<Message: SwiftProtobuf.Message>(_ data: Data) throws(ONNXError) -> Message {
        do {
            return try Message(serializedBytes: data, options: .hostile)
        } catch {
            throw ONNXError(.malformed, "not an ONNX file: \(error)")
        }
    }
}
