import FoundationEssentials
import NeuralNetworks
import SwiftProtobuf

/// A network in the Open Neural Network Exchange format.
///
/// Reading refuses what this program does not know, naming all of it at once, and opens no file but
/// the model and those in its own folder that it keeps weights in. Numbers of 16 and of 64 bits are computed
/// in `float32`. Source: the ONNX IR specification, https://onnx.ai/onnx/repo-docs/IR.html.
public struct ONNXModel: Sendable {
    /// What a model may ask for.
    public struct Limits: Sendable, Hashable {
        /// The most bytes that a file may have.
        public var fileBytes: Int
        /// The most bytes of everything but weights.
        public var graphBytes = 1 << 28
        public var nodes = 1 << 16
        /// Inputs and outputs.
        public var ports = 1 << 12
        /// Inputs and outputs of all nodes.
        public var edges = 1 << 20

        public init(fileBytes: Int = 1 << 31) { self.fileBytes = fileBytes }
    }

    /// Versions of the operator set that can be read.
    public static let operatorSets = 6...28

    public let graph: Graph
    /// The version of the operator set that the model is written in.
    public let operatorSet: Int
    /// The program that wrote the file.
    public let producer: String
    /// What the file says about itself, such as a description or a licence.
    public let metadata: [String: String]
    /// The files in the model's folder that hold weights of it, by name, sorted.
    public let weightFiles: [String]

    /// Reads a model from a file.
    ///
    /// - Throws: ``ONNXError`` naming everything that is wrong.
    public init(path: String, limits: Limits = Limits()) throws(ONNXError) {
        var source = try ByteSource(path: path)
        try self.init(&source, WeightFiles(beside: path, limits: limits), limits)
    }

    /// Reads a model from a file's bytes.
    ///
    /// - Throws: ``ONNXError`` naming everything that is wrong.
    public init(data: Data, limits: Limits = Limits()) throws(ONNXError) {
        var source = ByteSource(data)
        try self.init(&source, WeightFiles(beside: nil, limits: limits), limits)
    }

    private init(_ source: inout ByteSource, _ weightFiles: WeightFiles, _ limits: Limits) throws(ONNXError) {
        guard source.count <= limits.fileBytes else {
            throw ONNXError(.limit, "the model has \(source.count) bytes: past the limit of \(limits.fileBytes)")
        }
        let outline = try ModelOutline(&source, limits)
        let model = outline.model
        let importer = GraphImport(outline, weightFiles)
        operatorSet = try importer.operatorSet()
        graph = try importer.graph(source)
        self.weightFiles = weightFiles.names
        producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        metadata = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { _, last in last }
    }
}

extension BinaryDecodingOptions {
    /// For files from outside: no nesting deeper than the format has, and nothing kept that is not read.
    static var hostile: BinaryDecodingOptions {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 16
        options.discardUnknownFields = true
        return options
    }
}
