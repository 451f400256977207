import NeuralNetworks

/// Makes a ``Graph`` of a decoded file, or a list of everything that is in the way.
struct GraphImport {
    private let outline: ModelOutline
    private let weightFiles: WeightFiles
    private var model: Onnx_ModelProto { outline.model }

    init(_ outline: ModelOutline, _ weightFiles: WeightFiles) {
        self.outline = outline
        self.weightFiles = weightFiles
    }

    /// The version of the standard operator set that the model asks for.
    func operatorSet() throws(ONNXError) -> Int {
        let versions = model.opsetImport.filter { Self.isStandard($0.domain) }.map(\.version)
        guard versions.count == 1 else {
            throw ONNXError(.malformed, "not an ONNX model: it names \(versions.count) versions of the operator set")
        }
        let readable = ONNXModel.operatorSets
        guard let version = Int(exactly: versions[0]), readable.contains(version) else {
            throw ONNXError(
                .unsupported,
                "operator set \(versions[0]) is not one of \(readable.lowerBound) to \(readable.upperBound)")
        }
        return version
    }

    /// - Parameter source: the bytes that the outline is of.
    func graph(_ source: borrowing ByteSource) throws(ONNXError) -> Graph {
        var problems: [ONNXError.Problem] = []
        let operatorSet = try operatorSet()
        for function in model.functions {
            problems.append(.init(.unsupported, place: function.name, "is a function defined in the model"))
        }
        if !model.graph.sparseInitializer.isEmpty {
            problems.append(.init(.unsupported, "the model has sparse initializers"))
        }
        var initializers = self.initializers(source, &problems)
        // Before IR version 4 every initializer had to be an input too.
        let inputs = ports(model.graph.input.filter { initializers[$0.name] == nil }, needsShape: true, &problems)
        let outputs = ports(model.graph.output, needsShape: false, &problems)
        let nodes = self.nodes(operatorSet, &initializers, &problems)
        guard problems.isEmpty else { throw ONNXError(problems) }
        do throws(GraphError) {
            return try Graph(
                name: model.graph.name, inputs: inputs, outputs: outputs, initializers: initializers, nodes: nodes)
        } catch {
            throw ONNXError(error.problems.map { .init(.malformed, place: $0.place, $0.message) })
        }
    }

    private func initializers(
        _ source: borrowing ByteSource, _ problems: inout [ONNXError.Problem]
    ) -> [String: Tensor] {
        var initializers: [String: Tensor] = [:]
        for initializer in outline.initializers {
            let proto = initializer.tensor
            do throws(FormatProblem) {
                let tensor =
                    proto.dataLocation == .external
                    ? try weightFiles.tensor(proto) : try proto.tensor(rawData: initializer.rawData, of: source)
                guard initializers.updateValue(tensor, forKey: proto.name) == nil else {
                    throw FormatProblem(.malformed, "is defined twice")
                }
            } catch {
                problems.append(.init(error.kind, place: proto.name.isEmpty ? nil : proto.name, error.message))
            }
        }
        return initializers
    }

    private func ports(
        _ values: [Onnx_ValueInfoProto], needsShape: Bool, _ problems: inout [ONNXError.Problem]
    ) -> [Graph.Port] {
        var ports: [Graph.Port] = []
        for value in values {
            do throws(FormatProblem) {
                ports.append(try value.port(needsShape: needsShape))
            } catch {
                problems.append(.init(error.kind, place: value.name, error.message))
            }
        }
        return ports
    }

    private func nodes(
        _ operatorSet: Int, _ initializers: inout [String: Tensor], _ problems: inout [ONNXError.Problem]
    ) -> [Graph.Node] {
        var nodes: [Graph.Node] = []
        for (index, proto) in model.graph.node.enumerated() {
            // Nodes need no names; what is said about one must still tell which.
            let name = proto.name.isEmpty ? "\(proto.opType)#\(index)" : proto.name
            do throws(FormatProblem) {
                var reader = try NodeReader(proto, operatorSet: operatorSet, prefix: "\(name)#\(index)")
                if Self.isStandard(proto.domain), proto.opType == "Constant" {
                    try addConstant(&reader, to: &initializers)
                    continue
                }
                let operation = try build(proto, &reader)
                guard reader.untaken.isEmpty else {
                    let names = reader.untaken.joined(separator: ", ")
                    throw FormatProblem(.unsupported, "(\(proto.opType)) has the unsupported attribute \(names)")
                }
                initializers.merge(reader.constants) { first, _ in first }
                nodes.append(
                    Graph.Node(name: name, operation: operation, inputs: reader.inputs, outputs: reader.outputs))
            } catch {
                problems.append(.init(error.kind, place: name, error.message))
            }
        }
        return nodes
    }

    private func build(_ proto: Onnx_NodeProto, _ reader: inout NodeReader) throws(FormatProblem) -> any Operator {
        guard Self.isStandard(proto.domain) else {
            throw FormatProblem(.unsupported, "has the unknown operator \(proto.domain)::\(proto.opType)")
        }
        guard !OperatorRegistry.dataDependent.contains(proto.opType) else {
            throw FormatProblem(
                .unsupported,
                "(\(proto.opType)) makes an output whose size is not known ahead; cut the network before this node, "
                    + "so that its inputs are outputs: \(reader.inputs.compactMap(\.self).joined(separator: ", "))")
        }
        guard let builder = OperatorRegistry.builder(of: proto.opType, operatorSet: reader.operatorSet) else {
            throw FormatProblem(.unsupported, "has the unknown operator \(proto.opType)")
        }
        return try builder(&reader)
    }

    /// A Constant node is an initializer in other words.
    private func addConstant(
        _ reader: inout NodeReader, to initializers: inout [String: Tensor]
    ) throws(FormatProblem) {
        guard reader.inputs.isEmpty, reader.outputs.count == 1, let name = reader.outputs[0] else {
            throw FormatProblem(.malformed, "is a constant, but not of one output and no inputs")
        }
        guard initializers[name] == nil else { throw FormatProblem(.malformed, "defines \(name) twice") }
        initializers[name] = try reader.constant()
    }

    private static func isStandard(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }
}

extension NodeReader {
    fileprivate mutating func constant() throws(FormatProblem) -> Tensor {
        if let tensor = try tensor("value") { return tensor }
        if let value = try optionalFloat("value_float") { return Tensor(shape: [], [value]) }
        if let value = try optionalInteger("value_int") { return Tensor(shape: [], [Int64(value)]) }
        if let values = try floats("value_floats") { return Tensor(shape: [values.count], values) }
        if let values = try integers("value_ints") { return Tensor(shape: [values.count], values.map(Int64.init)) }
        throw FormatProblem(.unsupported, "is a constant without a dense numeric value")
    }
}

extension Onnx_ValueInfoProto {
    /// - Parameter needsShape: an output may be declared without one; its dimensions are then empty.
    fileprivate func port(needsShape: Bool) throws(FormatProblem) -> Graph.Port {
        guard type.hasTensorType else { throw FormatProblem(.unsupported, "is no dense tensor") }
        guard !needsShape || type.tensorType.hasShape else { throw FormatProblem(.unsupported, "has no shape") }
        var dimensions: [Graph.Dimension] = []
        for dimension in type.tensorType.shape.dim {
            switch dimension.value {
            case .dimValue(let extent):
                guard extent >= 0 else { throw FormatProblem(.malformed, "has a dimension of \(extent)") }
                dimensions.append(.fixed(Int(extent)))
            case .dimParam(let name): dimensions.append(.symbolic(name.isEmpty ? nil : name))
            case nil: dimensions.append(.symbolic(nil))
            }
        }
        return Graph.Port(
            name: name, elementType: try ElementType(onnx: type.tensorType.elemType), dimensions: dimensions)
    }
}
