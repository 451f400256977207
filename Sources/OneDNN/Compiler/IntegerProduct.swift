import NeuralNetworks

/// A product of levels with constant integers.
struct IntegerProduct {
    let source: String
    let grid: Grid
    let weights: IntegerWeights
    /// One, or one for each channel of the result.
    let weightScales: [Float]
    private let residual: Grid?
    /// One for each channel.
    private let offsets: [Float]?

    /// - Returns: nil where it adds what cannot be added to integers.
    init?(_ node: FusionGraph.Node, in graph: FusionGraph) {
        guard let source = node.inputs[0], let grid = graph.grids[source],
            let weights = node.inputs[1].flatMap({ graph.integerWeights[$0] }), graph.constants[source] == nil
        else { return nil }
        let gemm = node.operation as? Gemm ?? Gemm()
        residual = node.residual.flatMap { graph.grids[$0] }
        guard node.residual == nil || (residual != nil && node.rounding != nil), gemm.alpha > 0 else { return nil }
        if node.inputs.count > 2, let name = node.inputs[2] {
            guard let tensor = graph.constants[name], let elements = tensor.floats,
                tensor.shape.dimensions.dropLast().allSatisfy({ $0 == 1 })
            else { return nil }
            offsets = elements.map { $0 * gemm.beta }
        } else {
            offsets = nil
        }
        (self.source, self.grid, self.weights) = (source, grid, weights)
        weightScales = weights.scales.map { $0 * gemm.alpha }
    }

    private init(_ product: IntegerProduct, weightScales: [Float], offsets: [Float]?) {
        (source, grid, weights, residual) = (product.source, product.grid, product.weights, product.residual)
        (self.weightScales, self.offsets) = (weightScales, offsets)
    }

    /// The same with all channels `count` times, one after the other.
    func repeated(_ count: Int) -> IntegerProduct {
        IntegerProduct(
            self,
            weightScales: weightScales.count == 1
                ? weightScales : Array(repeatElement(weightScales, count: count).joined()),
            offsets: offsets.map { Array(repeatElement($0, count: count).joined()) })
    }

    /// How its sums become the node's result; nil where oneDNN cannot do that.
    func ending(_ node: FusionGraph.Node) -> IntegerEnding? {
        IntegerEnding(node, sourceScale: grid.scale, weightScales: weightScales, residual: residual)
    }

    /// What is added to the sums of each channel.
    ///
    /// - Parameters:
    ///   - elements: of the weights, one channel after the other.
    ///   - includesZeroPoint: whether levels are multiplied as they are, and what the zero point adds is taken away here.
    /// - Returns: nil where a scale is too small for the bias.
    func bias(_ elements: [Int8], channels: Int, includesZeroPoint: Bool) -> [Float]? {
        let inner = elements.count / channels
        guard offsets == nil || offsets?.count == 1 || offsets?.count == channels else { return nil }
        var bias: [Float] = []
        for channel in 0..<channels {
            let scale = grid.scale * weightScales[weightScales.count == 1 ? 0 : channel]
            var offset = offsets.map { $0[$0.count == 1 ? 0 : channel] / scale } ?? 0
            if includesZeroPoint, grid.zeroPoint != 0 {
                let sum = elements[channel * inner..<(channel + 1) * inner].reduce(0) { $0 + Int($1) }
                offset -= Float(grid.zeroPoint * sum)
            }
            guard offset.isFinite else { return nil }
            bias.append(offset)
        }
        return bias
    }
}

extension [Int8] {
    /// `[rows, columns]` as `[columns, rows]`.
    func transposed(rows: Int, columns: Int) -> [Int8] {
        [Int8](unsafeUninitializedCapacity: count) { elements, count in
            for row in 0..<rows {
                for column in 0..<columns { elements[column * rows + row] = self[row * columns + column] }
            }
            count = rows * columns
        }
    }

    /// `[channels, taps, inner]` as `[taps, channels, inner]`.
    func transposedPositions(channels: Int, taps: Int, inner: Int) -> [Int8] {
        (0..<taps).flatMap { tap in
            (0..<channels).flatMap { channel in
                let first = (channel * taps + tap) * inner
                return self[first..<first + inner]
            }
        }
    }
}
