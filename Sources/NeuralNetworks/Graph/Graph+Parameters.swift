extension Graph {
    /// Numbers that training has found: all `float32` constants that nodes read, but the running
    /// statistics of batch normalisation, which are not trained.
    public var parameterCount: Int {
        var parameters: Set<String> = []
        var statistics: Set<String> = []
        for node in nodes {
            let read = node.inputs.compactMap(\.self)
            parameters.formUnion(read)
            if node.operation is BatchNormalization { statistics.formUnion(read.dropFirst(3)) }
        }
        return parameters.subtracting(statistics).reduce(0) { count, name in
            guard let tensor = initializers[name], tensor.elementType == .float32 else { return count }
            return count + tensor.shape.elementCount
        }
    }
}
