import NeuralNetworks

extension Lowering {
    mutating func lowerPooling(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let data = graph.shape(input),
            let result = graph.shape(output), 3...5 ~= data.rank, data.elementCount > 0, result.elementCount > 0,
            let (function, geometry) = pooling(node, data), let source = try operand(input)
        else { return false }
        let (slice, dataType) = (try memory.slice(for: output), source.descriptor.dataType)
        let candidate = try candidate(from: source, slice: slice) { images, engine throws(EngineError) in
            try PrimitiveDescriptor.pooling(
                function, geometry, from: images == data[0] ? source.descriptor : source.descriptor.image(),
                to: MemoryDescriptor([images] + result.dimensions.dropFirst(), dataType, .any), engine)
        }
        guard let candidate, let read = try read(input, as: candidate.source, imagewise: candidate.isImagewise)
        else { return false }
        let written = try memory.destination(output, candidate.destination, imagewise: candidate.isImagewise)
        var implementation = candidate.descriptor.implementation
        let plain = [data, result].map(\.dimensions)
        if function != .maximum, implementation.hasPrefix("simple"), geometry.liesWithinImage,
            read.imageStride == nil, written.imageStride == nil,
            try read.descriptor == MemoryDescriptor(plain[0]), try written.descriptor == MemoryDescriptor(plain[1])
        {
            implementation = "plain rows"
            steps.append(
                .kernel(
                    AveragingStep(
                        source: read.location, destination: written.location, planes: data[0] * data[1],
                        geometry: geometry, threads: threads)))
        } else {
            try run(
                candidate.descriptor, [(.source, read), (.destination, written)], repetitions: candidate.repetitions)
        }
        memory.place(output, written)
        describe(
            node, implementation,
            operationCount: result.elementCount * geometry.kernelShape.reduce(1, *))
        return true
    }

    /// How oneDNN names a node's pooling; nil where it means something else by it.
    func pooling(_ node: FusionGraph.Node, _ data: Shape) -> (PoolingFunction, WindowGeometry)? {
        guard node.outputs.dropFirst().allSatisfy({ $0 == nil }) else { return nil }
        return PoolingFunction.pooling(node.operation, data)
    }
}

extension PoolingFunction {
    /// How oneDNN names a pooling of data `[N, C, D1, ...]`; nil where it means something else by it.
    static func pooling(_ operation: any Operator, _ data: Shape) -> (PoolingFunction, WindowGeometry)? {
        switch operation {
        case let operation as MaxPooling:
            guard let geometry = try? operation.geometry(data: data),
                !geometry.hasEmptyWindow
            else { return nil }
            return (.maximum, geometry)
        case let operation as AveragePooling:
            guard let geometry = try? operation.geometry(data: data), !geometry.hasEmptyWindow else { return nil }
            if !operation.countsPadding { return (.mean, geometry) }
            // oneDNN divides by the whole window also where rounding lets it reach past the padding.
            let reachesBeyond = zip(geometry.neededPadsEnd, geometry.padsEnd).contains { $0 > $1 }
            return reachesBeyond ? nil : (.meanWithPadding, geometry)
        case let operation as GlobalPooling:
            let window = Window(kernelShape: Array(data.dimensions.dropFirst(2)))
            guard let geometry = try? window.geometry(input: Array(data.dimensions.dropFirst(2))) else { return nil }
            return (operation.kind == .average ? .mean : .maximum, geometry)
        default: return nil
        }
    }
}

extension WindowGeometry {
    /// Whether some window may lie in the padding alone, where a mean or maximum has no meaning of its own.
    fileprivate var hasEmptyWindow: Bool {
        (0..<rank).contains { axis in
            let reach = (kernelShape[axis] - 1) * dilations[axis] + 1
            let last = (outputShape[axis] - 1) * strides[axis] - padsBegin[axis]
            return padsBegin[axis] >= reach || last >= inputShape[axis]
                || (dilations[axis] > 1 && (padsBegin[axis] > 0 || padsEnd[axis] > 0))
        }
    }
}
