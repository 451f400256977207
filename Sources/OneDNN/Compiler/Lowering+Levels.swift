import NeuralNetworks

/// Values as levels of their grids, and as the numbers that those stand for.
extension Lowering {
    /// The levels of a value on a grid, channels last; nil for a value that lies on none.
    mutating func levels(_ name: String) throws(EngineError) -> Operand? {
        if let levels = memory.levels(of: name) { return levels }
        guard let grid = graph.grids[name], graph.constants[name] == nil, let source = try operand(name) else {
            return nil
        }
        let layout = try MemoryDescriptor(source.descriptor.dimensions, grid.type, .channelsLast)
        let levels = Operand(descriptor: layout, location: memory.makeBuffer(byteCount: layout.byteCount, for: name))
        try quantise(source, grid, to: levels)
        memory.placeLevels(name, levels)
        return levels
    }

    /// Where a node writes the levels of `name`: to the network's next part, over `spent`, or in a buffer of its own.
    mutating func levelsDestination(
        _ name: String, _ shape: Shape, _ grid: Grid, over spent: Operand? = nil, reading source: Operand? = nil
    ) throws(EngineError) -> Operand {
        let layout = try MemoryDescriptor(shape.dimensions, grid.type, .channelsLast)
        return try memory.destination(name, layout, over: spent, reading: source)
    }

    /// Rounds numbers to levels.
    mutating func quantise(_ source: Operand, _ grid: Grid, to levels: Operand) throws(EngineError) {
        let attributes = try Attributes(scales: [1 / grid.scale], zeroPoint: grid.zeroPoint)
        try reorder(source, to: levels, attributes)
    }

    /// Writes the numbers that a value's levels stand for.
    mutating func dequantise(_ name: String, to numbers: Operand) throws(EngineError) {
        guard let grid = graph.grids[name], let levels = memory.levels(of: name) else {
            throw EngineError(.graph, "\(name) has no levels")
        }
        let attributes = try Attributes(scales: [grid.scale], sourceZeroPoint: grid.zeroPoint)
        try reorder(levels, to: numbers, attributes)
    }

    /// Appends the steps for a node that reads or gives levels without multiplying them.
    ///
    /// - Returns: false where it is none.
    mutating func lowerOnLevels(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard graph.givesLevels(node), let input = node.inputs.first ?? nil, let output = node.outputs.first ?? nil,
            let shape = graph.shape(output), let grid = graph.grids[output], shape.elementCount > 0
        else { return false }
        switch node.operation {
        case is Rounding: return try lowerQuantisation(node, input, output, shape, grid)
        case is MaxPooling: return try lowerPoolingOfLevels(node, input, output, shape, grid)
        case is Concatenation: return try lowerConcatenationOfLevels(node, output, shape, grid)
        case is Convolution, is ConvolutionTranspose, is Gemm, is MatrixMultiplication: return false
        default: return try lowerViewOfLevels(node, input, output, shape, grid)
        }
    }

    private mutating func lowerQuantisation(
        _ node: FusionGraph.Node, _ input: String, _ output: String, _ shape: Shape, _ grid: Grid
    ) throws(EngineError) -> Bool {
        guard graph.constants[input] == nil else { return false }
        let written: Operand
        if let levels = memory.levels(of: input), let own = graph.grids[input] {
            written = try levelsDestination(output, shape, grid)
            try requantise(levels, from: own, to: written, on: grid)
        } else {
            guard let source = try operand(input) else { return false }
            written = try levelsDestination(output, shape, grid)
            try quantise(source, grid, to: written)
        }
        memory.placeLevels(output, written)
        describe(node, "to integers", operationCount: shape.elementCount)
        return true
    }

    /// Brings levels of one grid to those of another.
    private mutating func requantise(
        _ source: Operand, from own: Grid, to destination: Operand, on grid: Grid
    ) throws(EngineError) {
        if own == grid { return try reorder(source, to: destination) }
        let attributes = try Attributes(
            scales: [own.scale / grid.scale], sourceZeroPoint: own.zeroPoint, zeroPoint: grid.zeroPoint)
        try reorder(source, to: destination, attributes)
    }

    private mutating func lowerPoolingOfLevels(
        _ node: FusionGraph.Node, _ input: String, _ output: String, _ shape: Shape, _ grid: Grid
    ) throws(EngineError) -> Bool {
        guard let data = graph.shape(input), let (function, geometry) = pooling(node, data),
            let source = try levels(input)
        else { return false }
        let written = try levelsDestination(output, shape, grid)
        let descriptor = try PrimitiveDescriptor.pooling(
            function, geometry, from: source.descriptor, to: written.descriptor, engine)
        guard let descriptor else { return false }
        try run(descriptor, [(.source, source), (.destination, written)])
        memory.placeLevels(output, written)
        describe(
            node, descriptor.implementation,
            operationCount: shape.elementCount * geometry.kernelShape.reduce(1, *))
        return true
    }

    /// Brings each part to its channels, by a kernel of our own: oneDNN 2.6 forgets zero points where a part's channels are no
    /// multiple of 8.
    private mutating func lowerConcatenationOfLevels(
        _ node: FusionGraph.Node, _ output: String, _ shape: Shape, _ grid: Grid
    ) throws(EngineError) -> Bool {
        let layout = try MemoryDescriptor(shape.dimensions, grid.type, .channelsLast)
        let written = Operand(descriptor: layout, location: memory.makeBuffer(byteCount: layout.byteCount, for: output))
        var parts: [LevelJoinStep.Part] = []
        for part in node.inputs.compactMap({ $0 }) {
            guard let levels = try levels(part), let own = graph.grids[part] else {
                throw EngineError(.graph, "\(part) has no levels to join")
            }
            parts.append(
                LevelJoinStep.Part(
                    location: levels.location, channels: levels.descriptor.dimensions[1], table: own.table(to: grid)))
        }
        let pixels = shape.elementCount / shape[1]
        steps.append(
            .kernel(LevelJoinStep(parts: parts, destination: written.location, pixels: pixels, threads: threads)))
        memory.placeLevels(output, written)
        describe(node, "copies of integers", operationCount: 0)
        return true
    }

    /// Gives levels other extents: row-major between, for they lie channels last.
    private mutating func lowerViewOfLevels(
        _ node: FusionGraph.Node, _ input: String, _ output: String, _ shape: Shape, _ grid: Grid
    ) throws(EngineError) -> Bool {
        guard shape.rank <= 6, let source = try levels(input) else { return false }
        let own = source.descriptor.dimensions
        guard own.count <= 6 else { return false }
        if own == shape.dimensions {
            memory.placeLevels(output, source)
        } else {
            let plain = try plainLevels(source)
            let view = Operand(descriptor: try MemoryDescriptor(shape.dimensions, grid.type), location: plain.location)
            let layout = try MemoryDescriptor(shape.dimensions, grid.type, .channelsLast)
            if layout == view.descriptor {
                memory.placeLevels(output, view)
            } else {
                let written = try levelsDestination(output, shape, grid)
                try reorder(view, to: written)
                memory.placeLevels(output, written)
            }
        }
        describe(node, "view", operationCount: 0)
        return true
    }

    /// Levels in row-major order.
    mutating func plainLevels(_ levels: Operand) throws(EngineError) -> Operand {
        let plain = try MemoryDescriptor(levels.descriptor.dimensions, levels.descriptor.dataType)
        if levels.descriptor == plain { return levels }
        let copy = Operand(descriptor: plain, location: memory.makeBuffer(byteCount: plain.byteCount))
        try reorder(levels, to: copy)
        return copy
    }
}
