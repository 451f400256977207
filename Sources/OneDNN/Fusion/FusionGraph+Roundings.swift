import NeuralNetworks

/// Quantised networks in integers: values that lie on grids are kept as levels where products of integers read them.
///
/// What does not fold keeps to numbers: each value on a grid can be had both ways, at the price of a copy.
extension FusionGraph {
    /// Lets products of integers round their results themselves, and add the shortcut of a residual block to them.
    mutating func fuseRoundings() {
        dropRepeatedRoundings()
        fuseRoundingsIntoWriters()
        fuseResiduals()
        fuseActivations()
        fuseRoundingsIntoWriters()
        findLevels()
    }

    /// Notes which values lie on grids, and turns a rounding of one that lies on its grid already into that value: what
    /// quantisers write around whatever moves or selects numbers.
    private mutating func dropRepeatedRoundings() {
        var names: [String: String] = [:]
        var removed = Set<Int>()
        for index in nodes.indices {
            nodes[index].inputs = nodes[index].inputs.map { name in name.map { names[$0] ?? $0 } }
            nodes[index].residual = nodes[index].residual.map { names[$0] ?? $0 }
            let node = nodes[index]
            if let rounding = node.operation as? Rounding, let input = node.inputs[0], let output = node.outputs[0] {
                if grids[input] == rounding.grid, !outputs.contains(output) {
                    names[output] = input
                    removed.insert(index)
                } else {
                    grids[output] = rounding.grid
                }
            } else if let grid = keptGrid(node) {
                for output in node.outputs.compactMap({ $0 }) { grids[output] = grid }
            }
        }
        remove(removed)
    }

    /// The grid of a node's result, where that holds its inputs' numbers alone.
    private func keptGrid(_ node: Node) -> Grid? {
        guard node.activation == nil, node.residual == nil, let input = node.inputs.first ?? nil else { return nil }
        switch node.operation {
        case is MaxPooling, is Identity, is Dropout, is Flatten, is Reshape, is Squeeze, is Unsqueeze, is Transpose,
            is Slice,
            is Split:
            return grids[input]
        case let resize as Resize:
            if case .nearest = resize.interpolation, resize.coordinates != .cropAndResize(extrapolation: 0) {
                return grids[input]
            }
            return nil
        case is Concatenation:
            let parts = Set(node.inputs.map { $0.flatMap { grids[$0] } })
            return parts.count == 1 ? grids[input] : nil
        default: return nil
        }
    }

    private mutating func fuseRoundingsIntoWriters() {
        let (counts, writers) = (readCounts(), writers())
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard let grid = (node.operation as? Rounding)?.grid, let input = node.inputs[0], counts[input] == 1,
                !outputs.contains(input), let writer = writers[input], nodes[writer].rounding == nil,
                isIntegerProduct(nodes[writer]) || joinsChannelsOfLevels(nodes[writer])
            else { continue }
            nodes[index].rounding = grid
            absorb(index, into: writer)
            removed.insert(index)
        }
        remove(removed)
    }

    /// Notes which values are wanted as levels.
    private mutating func findLevels() {
        for node in nodes.reversed() {
            let inputs = node.inputs.compactMap { $0 }
            if isIntegerProduct(node) {
                levels.formUnion([inputs[0]] + [node.residual].compactMap { $0 })
            } else if node.rounding != nil {
                levels.formUnion(inputs)
            } else if let output = node.outputs.first ?? nil, levels.contains(output), movesLevels(node) {
                levels.formUnion(node.operation is Concatenation ? inputs : [inputs[0]])
            }
        }
    }

    /// Whether a node multiplies levels by constant integers.
    func isIntegerProduct(_ node: Node) -> Bool {
        guard usesIntegers, node.inputs.count > 1, let input = node.inputs[0], grids[input] != nil,
            let name = node.inputs[1], let weights = integerWeights[name],
            weights.scales.allSatisfy({ $0 > 0 && $0.isFinite }),
            node.inputs.count < 3 || node.inputs[2] == nil || floats(node.inputs[2]) != nil
        else { return false }
        let axis = weights.scales.count == 1 ? nil : weights.axis
        switch node.operation {
        case is Convolution: return axis ?? 0 == 0
        case let operation as ConvolutionTranspose: return operation.groups == 1 && axis ?? 1 == 1
        case let gemm as Gemm:
            let columns = gemm.transposeB ? 0 : 1
            return !gemm.transposeA && axis ?? columns == columns
        case is MatrixMultiplication: return weights.shape.rank == 2 && axis ?? 1 == 1
        default: return false
        }
    }

    /// Whether a node, given levels, gives levels.
    func movesLevels(_ node: Node) -> Bool {
        switch node.operation {
        case is MaxPooling:
            3...5 ~= shape(node.inputs[0])?.rank ?? 0 && node.outputs.dropFirst().allSatisfy { $0 == nil }
        case is Identity, is Dropout, is Flatten, is Reshape, is Squeeze, is Unsqueeze: true
        case is Concatenation: joinsChannelsOfLevels(node)
        default: false
        }
    }

    /// Whether a node joins the channels of values that all lie on grids.
    private func joinsChannelsOfLevels(_ node: Node) -> Bool {
        guard let concatenation = node.operation as? Concatenation, let rank = shape(node.outputs[0])?.rank,
            3...5 ~= rank, concatenation.axis == 1 || concatenation.axis == 1 - rank
        else { return false }
        return node.inputs.allSatisfy { name in
            guard let name, let shape = shape(name) else { return false }
            return grids[name] != nil && constants[name] == nil && shape.elementCount > 0
        }
    }

    /// Whether a node's result is kept as levels.
    func givesLevels(_ node: Node) -> Bool {
        guard let output = node.outputs.first ?? nil, grids[output] != nil else { return false }
        return levels.contains(output) && (node.operation is Rounding || movesLevels(node)) || node.rounding != nil
    }
}
