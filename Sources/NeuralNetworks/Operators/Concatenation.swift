/// Joins tensors along one axis.
///
/// Inputs: at least one, of one type and with equal extents along all other axes.
///
/// Source: ONNX operator Concat.
public struct Concatenation: Operator {
    /// Counted from the end where negative.
    public var axis: Int

    public init(axis: Int) { self.axis = axis }

    public var name: String { "Concat" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let types = try Arguments(inputs, of: self, count: 1...).types()
        var extents = types[0].shape.dimensions
        let axis = try resolve(axis: axis, rank: extents.count)
        for type in types.dropFirst() {
            var others = type.shape.dimensions
            guard type.elementType == types[0].elementType, others.count == extents.count else {
                throw invalid(.inputs, "cannot join \(types[0]) and \(type)")
            }
            let (sum, overflow) = extents[axis].addingReportingOverflow(others[axis])
            extents[axis] = sum
            others[axis] = sum
            guard !overflow, others == extents else {
                throw invalid(.inputs, "cannot join \(types[0]) and \(type) along axis \(axis)")
            }
        }
        return [TensorType(elementType: types[0].elementType, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let axis = try resolve(axis: axis, rank: output.rank)
        let parts = inputs.compactMap(\.self)
        let rows = output.dimensions.prefix(axis).reduce(1, *)
        func join<Element>(_ elements: (Tensor.Storage) -> [Element]?) -> [Element] {
            let sources = parts.compactMap { elements($0.storage) }
            precondition(sources.count == parts.count, "Concat accepted several types")
            return (0..<rows).flatMap { row in
                sources.flatMap { source in
                    let run = source.count / max(rows, 1)
                    return source[row * run..<(row + 1) * run]
                }
            }
        }
        switch parts[0].storage {
        case .float32:
            return [Tensor(shape: output, join { if case .float32(let values) = $0 { values } else { nil } })]
        case .int32: return [Tensor(shape: output, join { if case .int32(let values) = $0 { values } else { nil } })]
        case .int64: return [Tensor(shape: output, join { if case .int64(let values) = $0 { values } else { nil } })]
        case .bool: return [Tensor(shape: output, join { if case .bool(let values) = $0 { values } else { nil } })]
        case .uint8:
            return [
                Tensor(shape: output, storage: .uint8(join { if case .uint8(let values) = $0 { values } else { nil } }))
            ]
        case .int8:
            return [
                Tensor(shape: output, storage: .int8(join { if case .int8(let values) = $0 { values } else { nil } }))
            ]
        }
    }
}
