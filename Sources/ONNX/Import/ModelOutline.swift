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
        /// Of a model, what is read beside its graph.
        static let others: Set<UInt64> = [1, 2, 3, 8, 14, 25]
        static let graphInitializer: UInt64 = 5
        static let tensorRawData: UInt64 = 9
    }

    /// A model has some thousands; more than this is an attack.
    private static let largestCount = 1 << 20

    /// - Throws: ``ONNXError`` where the bytes are no ONNX model.
    init(_ source: inout ByteSource, _ limits: ONNXModel.Limits) throws(ONNXError) {
        var (initializers, outline) = ([Initializer](), Data())
        var position = 0
        while position < source.count {
            let field = try source.field(at: position, end: source.count)
            position = field.whole.upperBound
            guard field.number == Field.modelGraph, let graph = field.payload else {
                if Field.others.contains(field.number) {
                    try Self.check(outline.count + field.whole.count, limits)
                    outline.append(try source.bytes(field.whole))
                }
                continue
            }
            let tensors = try source.cut(Field.graphInitializer, from: graph, limit: limits.graphBytes)
            guard initializers.count + tensors.payloads.count <= Self.largestCount else {
                throw ONNXError(.limit, "the model has \(tensors.payloads.count) initializers")
            }
            for tensor in tensors.payloads {
                let rawData = try source.cut(Field.tensorRawData, from: tensor, limit: limits.fileBytes)
                initializers.append(Initializer(tensor: try Self.decoded(rawData.rest), rawData: rawData.payloads.last))
            }
            try Self.check(outline.count + tensors.rest.count, limits)
            outline.append(field: field.number, tensors.rest)
        }
        model = try Self.decoded(outline)
        self.initializers = initializers
        try checkCounts(limits)
    }

    private static func check(_ byteCount: Int, _ limits: ONNXModel.Limits) throws(ONNXError) {
        guard byteCount <= limits.graphBytes else {
            throw ONNXError(.limit, "the model has more than \(limits.graphBytes) bytes beside its weights")
        }
    }

    /// So that the time to read a model grows with its size alone.
    private func checkCounts(_ limits: ONNXModel.Limits) throws(ONNXError) {
        let graph = model.graph
        let counts = [
            ("nodes", graph.node.count, limits.nodes),
            ("inputs and outputs", graph.input.count + graph.output.count, limits.ports + initializers.count),
            (
                "inputs and outputs of nodes", graph.node.reduce(0) { $0 + $1.input.count + $1.output.count },
                limits.edges
            ),
        ]
        for (what, count, limit) in counts where count > limit {
            throw ONNXError(.limit, "the model has \(count) \(what): past the limit of \(limit)")
        }
    }

    private static func decoded<Message: SwiftProtobuf.Message>(_ data: Data) throws(ONNXError) -> Message {
        do {
            return try Message(serializedBytes: data, options: .hostile)
        } catch {
            throw ONNXError(.malformed, "not an ONNX file: \(error)")
        }
    }
}
