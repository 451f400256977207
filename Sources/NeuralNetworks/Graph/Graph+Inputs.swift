extension Graph {
    /// The inputs' types for the shapes that a caller gives.
    ///
    /// - Parameter shapes: a shape for each input that has a symbolic dimension; others may be left out.
    /// - Throws: ``GraphError`` naming every input that is missing, unknown or does not fit its port.
    func inputTypes(shapes: [String: Shape]) throws(GraphError) -> [String: TensorType] {
        var problems: [GraphError.Problem] = []
        var types: [String: TensorType] = [:]
        var extents: [String: Int] = [:]
        for port in inputs {
            guard let shape = shapes[port.name] ?? port.fixedShape else {
                problems.append(.init(place: port.name, message: "is an input without a shape"))
                continue
            }
            guard Shape(checking: shape.dimensions) != nil else {
                problems.append(
                    .init(place: port.name, message: "cannot have the shape \(shape): it is past all memory"))
                continue
            }
            types[port.name] = TensorType(elementType: port.elementType, shape: shape)
            let fits =
                shape.rank == port.dimensions.count
                && zip(shape.dimensions, port.dimensions).allSatisfy {
                    extent, dimension in
                    switch dimension {
                    case .fixed(let wanted): return extent == wanted
                    case .symbolic(nil): return true
                    case .symbolic(let symbol?):
                        defer { extents[symbol] = extents[symbol] ?? extent }
                        return extents[symbol] ?? extent == extent
                    }
                }
            if !fits {
                problems.append(.init(place: port.name, message: "takes \(port.shapeDescription), not \(shape)"))
            }
        }
        let names = Set(inputs.map(\.name))
        for name in shapes.keys.sorted() where !names.contains(name) {
            problems.append(.init(place: name, message: "is no input of this network"))
        }
        guard problems.isEmpty else { throw GraphError(problems) }
        return types
    }

    /// Checks tensors against the inputs' ports.
    func check(_ tensors: [String: Tensor]) throws(GraphError) {
        let types = try inputTypes(shapes: tensors.mapValues(\.shape))
        var problems: [GraphError.Problem] = []
        for port in inputs {
            guard let type = types[port.name], let tensor = tensors[port.name] else {
                problems.append(.init(place: port.name, message: "is not given"))
                continue
            }
            if type != tensor.type {
                problems.append(
                    .init(place: port.name, message: "takes \(type.elementType), not \(tensor.elementType)"))
            }
        }
        guard problems.isEmpty else { throw GraphError(problems) }
    }
}

extension Graph.Port {
    /// The shape, where no dimension is left to the caller.
    var fixedShape: Shape? {
        var extents: [Int] = []
        for dimension in dimensions {
            guard case .fixed(let extent) = dimension else { return nil }
            extents.append(extent)
        }
        return Shape(checking: extents)
    }

    /// Such as `Nx3xHxW`.
    var shapeDescription: String {
        dimensions.isEmpty ? "a scalar" : dimensions.map(\.description).joined(separator: "x")
    }
}

extension Graph.Dimension: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fixed(let extent): "\(extent)"
        case .symbolic(let name): name ?? "?"
        }
    }
}
