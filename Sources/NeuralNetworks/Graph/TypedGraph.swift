/// A graph for inputs of known shapes: every value's type, and nothing left to compute that does not
/// depend on the inputs' elements.
///
/// What computes shapes (Shape, Gather, Concat, ...) has become constants, and nodes that no output
/// needs are gone.
public struct TypedGraph: Sendable {
    /// The nodes that remain, in an order in which they can be computed.
    public let nodes: [Graph.Node]
    /// The types of all values: inputs, constants and what nodes compute.
    public let types: [String: TensorType]
    /// Initializers and folded values that the remaining nodes read, or that are outputs.
    public let constants: [String: Tensor]
}

extension Graph {
    /// The most bytes that one value may take, unless a caller says otherwise.
    public static let defaultByteLimit = 1 << 31

    /// Infers all types and folds constants for inputs of given shapes.
    ///
    /// - Parameters:
    ///   - inputShapes: a shape for each input that has a symbolic dimension.
    ///   - byteLimit: the most bytes that one value may take.
    /// - Throws: ``GraphError`` for inputs that do not fit their ports, or naming the first node whose
    ///   inputs do not fit it.
    public func inferred(
        inputShapes: [String: Shape], byteLimit: Int = defaultByteLimit
    ) throws(GraphError) -> TypedGraph {
        let inputTypes = try inputTypes(shapes: inputShapes)
        for port in inputs where inputTypes[port.name]?.byteCount ?? 0 > byteLimit {
            throw GraphError(port.name, "is past the limit of \(byteLimit) bytes")
        }
        var values = inputTypes.mapValues { KnownValue(type: $0) }
        for (name, tensor) in initializers { values[name] = KnownValue(type: tensor.type, constant: tensor) }
        for node in nodes {
            let inputs = node.inputs.map { name in name.flatMap { values[$0] } }
            let types = try node.outputTypes(for: inputs, byteLimit: byteLimit)
            let constants = try node.folded(inputs, types: types)
            for (index, name) in node.outputs.enumerated() {
                guard let name else { continue }
                values[name] = KnownValue(type: types[index], constant: constants?[index])
            }
        }
        for port in outputs {
            guard let type = values[port.name]?.type, type.elementType == port.elementType else {
                throw GraphError(port.name, "is declared as \(port.elementType), but computed otherwise")
            }
        }
        return typed(values)
    }

    /// Keeps what the outputs need.
    private func typed(_ values: [String: KnownValue]) -> TypedGraph {
        var needed = Set(outputs.map(\.name))
        var kept: [Node] = []
        for node in nodes.reversed() {
            let computed = node.outputs.compactMap(\.self).filter { values[$0]?.constant == nil }
            guard !needed.isDisjoint(with: computed) else { continue }
            needed.formUnion(node.inputs.compactMap(\.self))
            kept.append(node)
        }
        let constants = values.compactMapValues(\.constant).filter { needed.contains($0.key) }
        return TypedGraph(nodes: kept.reversed(), types: values.mapValues(\.type), constants: constants)
    }
}

extension Graph.Node {
    /// The operator's output types, checked against this node's outputs and the limit.
    func outputTypes(for inputs: [KnownValue?], byteLimit: Int) throws(GraphError) -> [TensorType] {
        do {
            let types = try operation.outputTypes(for: inputs)
            guard outputs.count <= types.count else {
                throw OperatorError(.inputs, "\(operation.name) has \(types.count) outputs, not \(outputs.count)")
            }
            for type in types where type.byteCount > byteLimit {
                throw OperatorError(.size, "\(operation.name) makes \(type): past the limit of \(byteLimit) bytes")
            }
            return types
        } catch {
            let isDataDependent = (error as? OperatorError)?.kind == .dataDependent
            throw GraphError(name, isDataDependent ? "\(error); \(advice(inputs))" : "\(error)")
        }
    }

    /// How to use a network up to this node, whose output's size is not known ahead.
    private func advice(_ inputs: [KnownValue?]) -> String {
        let computed = zip(self.inputs, inputs).compactMap { name, value in value?.constant == nil ? name : nil }
        return "cut the network before this node, so that its inputs are outputs: \(computed.joined(separator: ", "))"
    }

    /// The outputs, where they do not depend on the network's inputs and are worth computing ahead.
    fileprivate func folded(_ inputs: [KnownValue?], types: [TensorType]) throws(GraphError) -> [Tensor]? {
        do {
            if let shapeOperator = operation as? any ShapeOperator {
                return try shapeOperator.evaluate(shapesOf: inputs)
            }
            let given = inputs.compactMap(\.self)
            let constants = given.compactMap(\.constant)
            guard constants.count == given.count,
                isFoldable(
                    inputCount: constants.reduce(0) { $0 + $1.shape.elementCount },
                    outputCount: types.reduce(0) { $0 + min($1.shape.elementCount, Int.max / 16 / types.count) })
            else { return nil }
            return try operation.evaluate(inputs.map { $0?.constant })
        } catch {
            throw GraphError(name, "\(error)")
        }
    }

    /// Folding must not let a small file make much memory or work: a constant does not grow past
    /// what shapes need, and sums stay within what a large layer's weights need.
    private func isFoldable(inputCount: Int, outputCount: Int) -> Bool {
        let (work, overflow) = inputCount.multipliedReportingOverflow(by: outputCount)
        return outputCount <= max(inputCount, 1 << 16)
            && (operation.accuracy != .accumulating || readsElementsOnce || (!overflow && work <= 1 << 34))
    }

    /// Whether the work grows with the inputs alone: normalised weights are worth computing ahead.
    private var readsElementsOnce: Bool {
        operation is BatchNormalization || operation is LayerNormalization || operation is GroupNormalization
    }
}
