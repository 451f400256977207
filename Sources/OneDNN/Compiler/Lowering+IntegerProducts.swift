import NeuralNetworks

/// Products of levels with constant integers, summed in 32 bits.
extension Lowering {
    /// - Returns: false where oneDNN has no fast implementation: then numbers are multiplied.
    mutating func lowerIntegerProduct(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let product = IntegerProduct(node, in: graph) else { return false }
        switch node.operation {
        case is Convolution: return try lowerIntegerConvolution(node, product)
        case is ConvolutionTranspose: return try lowerIntegerTiling(node, product)
        default: return try lowerIntegerRows(node, product)
        }
    }

    private mutating func lowerIntegerConvolution(
        _ node: FusionGraph.Node, _ product: IntegerProduct
    ) throws(EngineError) -> Bool {
        guard let problem = problem(node), let source = try levels(product.source) else { return false }
        // Padding stands for 0, so what the zero point adds to a sum is not the same everywhere.
        let isPadded = (problem.padsBegin + problem.padsEnd).contains { $0 != 0 }
        return try lower(
            node, product, problem, product.weights.elements, from: source,
            zeroPoint: isPadded ? product.grid.zeroPoint : 0)
    }

    /// Appends a convolution of levels.
    ///
    /// - Parameters:
    ///   - elements: of the weights, in the order of the problem's.
    ///   - zeroPoint: of the source, where the bias does not take it in.
    private mutating func lower(
        _ node: FusionGraph.Node, _ product: IntegerProduct, _ problem: ConvolutionProblem, _ elements: [Int8],
        from source: Operand, zeroPoint: Int
    ) throws(EngineError) -> Bool {
        guard let output = node.outputs[0], let shape = graph.shape(output),
            let bias = product.bias(elements, channels: problem.destination[1], includesZeroPoint: zeroPoint == 0),
            let ending = product.ending(node)
        else { return false }
        let attributes = try Attributes(ending.operations, scales: ending.scales, sourceZeroPoint: zeroPoint)
        let layout = try MemoryDescriptor(problem.destination, node.rounding?.type ?? .float32, .channelsLast)
        let descriptor = try PrimitiveDescriptor.convolution(
            problem, from: source.descriptor, weights: .int8, to: layout, attributes, engine
        ) { !$0.hasPrefix("ref") }
        guard let descriptor,
            let weights = try integers(elements, problem.weights, as: descriptor.weights)
        else { return false }
        let offsets = try constant(bias)
        let written = try integerDestination(node, output, shape, layout, reading: source)
        try run(
            descriptor, [(.source, source), (.weights, weights), (.bias, offsets), (.destination, written)])
        finish(node, output, written, descriptor.implementation, operationCount: problem.operationCount)
        return true
    }

    /// Where a product writes; what lies there already is added where it has a residual.
    private mutating func integerDestination(
        _ node: FusionGraph.Node, _ output: String, _ shape: Shape, _ layout: MemoryDescriptor, reading source: Operand
    ) throws(EngineError) -> Operand {
        guard let residual = node.residual, let addend = try levels(residual) else {
            return try memory.destination(output, layout)
        }
        let own = Operand(
            descriptor: try MemoryDescriptor(shape.dimensions, layout.dataType, .channelsLast),
            location: addend.location)
        let written = try memory.destination(output, layout, over: own, reading: source)
        if written.location != addend.location {
            // Bytes are copied, whichever integers they are.
            try reorder(own, to: written)
        }
        return written
    }

    private mutating func finish(
        _ node: FusionGraph.Node, _ output: String, _ written: Operand, _ implementation: String, operationCount: Int
    ) {
        if node.rounding == nil {
            memory.place(output, written)
        } else {
            memory.placeLevels(output, written)
        }
        describe(node, implementation, operationCount: operationCount, precision: "int8")
    }

    /// Integer weights in the layout that a primitive wants; nil where oneDNN cannot bring them there.
    private mutating func integers(
        _ elements: [Int8], _ extents: [Int], as wanted: MemoryDescriptor
    ) throws(EngineError) -> Operand? {
        let plain = try MemoryDescriptor(extents, .int8)
        guard try PrimitiveDescriptor.reorder(from: plain, to: wanted, engine) != nil else { return nil }
        return try constant(elements, plain, as: wanted)
    }

    /// `[..., K] * [K, N]`.
    private mutating func lowerIntegerRows(
        _ node: FusionGraph.Node, _ product: IntegerProduct
    ) throws(EngineError) -> Bool {
        guard let output = node.outputs[0], let shape = graph.shape(output), let data = graph.shape(product.source),
            2...6 ~= data.rank, data.elementCount > 0, node.residual == nil
        else { return false }
        let isTransposed = (node.operation as? Gemm)?.transposeB ?? false
        let weights = product.weights
        let (columns, inner) = (weights.shape[isTransposed ? 0 : 1], weights.shape[isTransposed ? 1 : 0])
        let elements = isTransposed ? weights.elements : weights.elements.transposed(rows: inner, columns: columns)
        guard let bias = product.bias(elements, channels: columns, includesZeroPoint: true),
            let ending = product.ending(node)
        else { return false }
        let rows = data.elementCount / inner
        let layout = try MemoryDescriptor([rows, columns], node.rounding?.type ?? .float32)
        let descriptor = try PrimitiveDescriptor.innerProduct(
            MemoryDescriptor([rows, inner], product.grid.type), MemoryDescriptor([columns, inner], .int8, .any),
            bias: MemoryDescriptor([columns]), to: layout, Attributes(ending.operations, scales: ending.scales), engine)
        guard let descriptor, !descriptor.implementation.hasPrefix("ref"), let source = try levels(product.source),
            let stored = try integers(elements, [columns, inner], as: descriptor.weights)
        else { return false }
        let plain = try plainLevels(source)
        let offsets = try constant(bias)
        let written = try memory.destination(output, MemoryDescriptor(shape.dimensions, layout.dataType))
        try run(
            descriptor,
            [
                (.source, Operand(descriptor: descriptor.source, location: plain.location)), (.weights, stored),
                (.bias, offsets), (.destination, Operand(descriptor: layout, location: written.location)),
            ])
        var levels = written
        if shape.rank > 2, node.rounding != nil {
            levels = Operand(
                descriptor: try MemoryDescriptor(shape.dimensions, layout.dataType, .channelsLast),
                location: memory.makeBuffer(byteCount: layout.byteCount, for: output))
            try reorder(written, to: levels)
        }
        finish(node, output, levels, descriptor.implementation, operationCount: 2 * rows * inner * columns)
        return true
    }

    /// A transposed convolution whose windows tile the output, as in ``lowerPixelShuffle(_:)``.
    private mutating func lowerIntegerTiling(
        _ node: FusionGraph.Node, _ product: IntegerProduct
    ) throws(EngineError) -> Bool {
        guard let operation = node.operation as? ConvolutionTranspose, let data = graph.shape(product.source),
            data.rank == 4, let output = node.outputs[0], let shape = graph.shape(output), shape.elementCount > 0,
            let geometry = try? operation.geometry(data: data, weights: product.weights.shape), geometry.isTiling,
            node.residual == nil, let source = try levels(product.source)
        else { return false }
        let taps = geometry.kernelShape.reduce(1, *)
        // [C, M, P] as [P, M, C]: the channels of position p come before those of position p + 1.
        let elements = product.weights.elements.transposed(rows: data[1], columns: shape[1] * taps)
            .transposedPositions(channels: shape[1], taps: taps, inner: data[1])
        let problem = ConvolutionProblem(pointwise: data, outputs: shape[1] * taps)
        let repeated = product.repeated(taps)
        guard let bias = repeated.bias(elements, channels: shape[1] * taps, includesZeroPoint: true),
            let ending = repeated.ending(node)
        else { return false }
        let type = node.rounding?.type ?? .float32
        let layout = try MemoryDescriptor(problem.destination, type, .channelsLast)
        let descriptor = try PrimitiveDescriptor.convolution(
            problem, from: source.descriptor, weights: .int8, to: layout,
            Attributes(ending.operations, scales: ending.scales), engine
        ) { !$0.hasPrefix("ref") }
        guard let descriptor, let weights = try integers(elements, problem.weights, as: descriptor.weights) else {
            return false
        }
        let spread = Operand(descriptor: layout, location: memory.makeBuffer(byteCount: layout.byteCount))
        try run(
            descriptor,
            [(.source, source), (.weights, weights), (.bias, try constant(bias)), (.destination, spread)])
        let written = Operand(
            descriptor: try MemoryDescriptor(shape.dimensions, type, .channelsLast),
            location: memory.makeBuffer(byteCount: layout.byteCount, for: output))
        // [N, H, W, P, Q, M] to [N, H, P, W, Q, M]: positions of a window become rows and columns.
        let (kernel, channels) = (geometry.kernelShape, shape[1])
        let line = data[3] * kernel[1] * channels
        let extents = [data[0], data[2], data[3], kernel[0], kernel[1] * channels]
        let from = try MemoryDescriptor(extents, type)
        let to = try MemoryDescriptor(
            extents, type, .strides([data[2] * kernel[0] * line, kernel[0] * line, kernel[1] * channels, line, 1]))
        try reorder(
            Operand(descriptor: from, location: spread.location),
            to: Operand(descriptor: to, location: written.location))
        finish(
            node, output, written, "\(descriptor.implementation), shuffled",
            operationCount: 2 * data.elementCount * channels * taps)
        return true
    }
}
