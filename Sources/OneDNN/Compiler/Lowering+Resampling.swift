import NeuralNetworks

extension Lowering {
    /// An image made larger or smaller: by oneDNN where it grows by whole factors.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerResampling(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let operation = node.operation as? Resize, let input = node.inputs[0], let output = node.outputs[0],
            let data = graph.shape(input), let shape = graph.shape(output), 3...5 ~= data.rank, data.elementCount > 0,
            data.dimensions.prefix(2) == shape.dimensions.prefix(2), let source = try operand(input)
        else { return false }
        let factors = zip(shape.dimensions, data.dimensions).dropFirst(2).map { Float($0) / Float($1) }
        guard factors.allSatisfy({ $0 >= 1 && $0 == $0.rounded() }), scalesAgree(node, operation, factors),
            let function = operation.primitive
        else { return try lowerWeightedResampling(node, operation, data, shape) }
        let (slice, dataType) = (try memory.slice(for: output), source.descriptor.dataType)
        let candidate = try candidate(from: source, slice: slice) { images, engine throws(EngineError) in
            try PrimitiveDescriptor.resampling(
                function, factors: factors,
                from: images == data[0] ? source.descriptor : source.descriptor.image(),
                to: MemoryDescriptor([images] + shape.dimensions.dropFirst(), dataType, .any), engine)
        }
        guard let candidate, let read = try read(input, as: candidate.source, imagewise: candidate.isImagewise)
        else { return false }
        let written = try memory.destination(output, candidate.destination, imagewise: candidate.isImagewise)
        try run(
            candidate.descriptor, [(.source, read), (.destination, written)], repetitions: candidate.repetitions)
        memory.place(output, written)
        describe(node, candidate.descriptor.implementation, operationCount: shape.elementCount)
        return true
    }

    /// Whether scales, where they are given, are what the extents say.
    private func scalesAgree(_ node: FusionGraph.Node, _ operation: Resize, _ factors: [Float]) -> Bool {
        guard node.inputs.count > 2, let name = node.inputs[2], let scales = graph.floats(name), !scales.isEmpty else {
            return true
        }
        return operation.axes == nil
            ? scales == [1, 1] + factors : scales.allSatisfy { $0 == 1 || factors.contains($0) }
    }
}

extension Resize {
    /// oneDNN's name for the interpolation, where for whole factors it takes the same neighbours.
    var primitive: ResamplingFunction? {
        guard !excludesOutside, aspectRatio == .stretch else { return nil }
        switch (interpolation, coordinates) {
        case (.linear, .halfPixel), (.linear, .halfPixelSymmetric): return .linear
        case (.nearest(.floor), .asymmetric): return .nearest
        case (.nearest(.halfDown), .halfPixel), (.nearest(.halfUp), .halfPixel),
            (.nearest(.halfDown), .halfPixelSymmetric), (.nearest(.halfUp), .halfPixelSymmetric):
            return .nearest
        default: return nil
        }
    }
}
