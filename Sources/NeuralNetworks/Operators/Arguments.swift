/// The inputs of an operator, checked as they are taken.
struct Arguments {
    private let operatorName: String
    private let values: [KnownValue?]

    /// - Throws: ``OperatorError`` where the number of inputs is not in `count`; trailing omitted
    ///   inputs do not count.
    init(
        _ values: [KnownValue?], of operation: some Operator, count: some RangeExpression<Int>
    ) throws {
        operatorName = operation.name
        self.values = values
        let given = (values.lastIndex { $0 != nil } ?? -1) + 1
        guard count.contains(given) else {
            throw OperatorError(.inputs, "\(operation.name) cannot take \(given) inputs")
        }
    }

    /// The types of all inputs, none of which may be omitted.
    func types() throws -> [TensorType] {
        var types: [TensorType] = []
        for index in values.indices { types.append(try type(index)) }
        return types
    }

    func optionalType(_ index: Int) -> TensorType? {
        values.indices.contains(index) ? values[index]?.type : nil
    }

    func type(_ index: Int) throws -> TensorType {
        guard let type = optionalType(index) else {
            throw OperatorError(.inputs, "\(operatorName) lacks its input \(index)")
        }
        return type
    }

    /// The type of a `float32` input of `rank`.
    func float32(_ index: Int, rank: some RangeExpression<Int> = 0...) throws -> Shape {
        try type(index, of: [.float32], rank: rank).shape
    }

    func type(
        _ index: Int, of elementTypes: [ElementType], rank: some RangeExpression<Int> = 0...
    ) throws -> TensorType {
        let type = try type(index)
        guard elementTypes.contains(type.elementType) else {
            let wanted = elementTypes.map(\.rawValue).joined(separator: " or ")
            throw OperatorError(.inputs, "\(operatorName): input \(index) is \(type.elementType), not \(wanted)")
        }
        guard rank.contains(type.shape.rank) else {
            throw OperatorError(.inputs, "\(operatorName): input \(index) has the wrong rank: \(type.shape)")
        }
        return type
    }

    /// Checks an optional `float32` input against the only shape that fits.
    func float32(_ index: Int, shape: Shape) throws {
        let found = try float32(index)
        guard found == shape else {
            throw OperatorError(.inputs, "\(operatorName): input \(index) is \(found), not \(shape)")
        }
    }

    /// The value of an input that decides the output's shape; nil where it is omitted.
    ///
    /// - Throws: ``OperatorError`` where the input depends on the network's inputs.
    func constant(_ index: Int) throws -> Tensor? {
        guard values.indices.contains(index), let value = values[index] else { return nil }
        guard let constant = value.constant else {
            throw OperatorError(
                .dataDependent, "\(operatorName): input \(index) decides the output's size but is not constant")
        }
        return constant
    }

    /// The integers (at most one axis of them) of an input that decides the output's shape; nil where it is omitted.
    func integers(_ index: Int) throws -> [Int]? {
        guard let constant = try constant(index) else { return nil }
        guard let integers = constant.integers, constant.shape.rank <= 1 else {
            throw OperatorError(.inputs, "\(operatorName): input \(index) is not a list of integers")
        }
        return integers
    }

    /// The floats of an input that decides the output's shape; nil where it is omitted.
    func floats(_ index: Int) throws -> [Float]? {
        guard let constant = try constant(index) else { return nil }
        guard let floats = constant.floats, constant.shape.rank <= 1 else {
            throw OperatorError(.inputs, "\(operatorName): input \(index) is not a list of float32")
        }
        return floats
    }
}

extension Operator {
    /// The outputs' types for given tensors: what ``evaluate(_:)`` checks its inputs with.
    func outputTypes(of inputs: [Tensor?]) throws -> [TensorType] {
        try outputTypes(for: inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } })
    }

    /// The only output's shape for given tensors.
    func outputShape(of inputs: [Tensor?]) throws -> Shape {
        let types = try outputTypes(of: inputs)
        precondition(types.count == 1, "\(name) has \(types.count) outputs")
        return types[0].shape
    }

    func invalid(_ kind: OperatorError.Kind, _ message: String) -> OperatorError {
        OperatorError(kind, "\(name) \(message)")
    }

    /// `dimensions` as a shape.
    func shape(_ dimensions: [Int]) throws -> Shape {
        guard let shape = Shape(checking: dimensions) else {
            throw invalid(.size, "makes an impossible size: \(dimensions)")
        }
        return shape
    }

    /// `axis`, counted from the end where negative, as an index into `rank` axes.
    func resolve(axis: Int, rank: Int) throws -> Int {
        guard axis >= -rank, axis < rank else {
            throw invalid(.attributes, "has no axis \(axis) in \(rank) axes")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// `axes` resolved, each at most once.
    func resolve(axes: [Int], rank: Int) throws -> [Int] {
        var resolved: [Int] = []
        for axis in axes {
            let index = try resolve(axis: axis, rank: rank)
            guard !resolved.contains(index) else { throw invalid(.attributes, "names axis \(axis) twice") }
            resolved.append(index)
        }
        return resolved
    }
}

extension [Tensor?] {
    /// The elements of a `float32` input that the output types were checked for.
    func floats(_ index: Int) -> [Float] {
        guard let floats = self[index]?.floats else { preconditionFailure("input \(index) is not float32") }
        return floats
    }

    func optionalFloats(_ index: Int) -> [Float]? { indices.contains(index) ? self[index]?.floats : nil }

    /// An input that the output types were checked for.
    func tensor(_ index: Int) -> Tensor {
        guard let tensor = self[index] else { preconditionFailure("input \(index) is missing") }
        return tensor
    }
}
