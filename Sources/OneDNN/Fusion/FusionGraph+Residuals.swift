import NeuralNetworks

extension FusionGraph {
    /// Lets the convolution or product at the end of a residual block add the block's shortcut:
    /// `convolution(x) + shortcut`.
    ///
    /// Of the two values that an addition reads, the one that is computed later takes the other one in, so
    /// that nothing has to be reordered; the value must not be read by anything else.
    ///
    /// A convolution that rounds its own result adds what lies on a grid, where all of that is rounded again.
    mutating func fuseResiduals() {
        let (counts, readers) = (readCounts(), onlyReaders())
        var writers = writers()
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard isAddition(node.operation), node.inputs.count == 2, let output = node.outputs[0],
                let left = node.inputs[0], let right = node.inputs[1], left != right,
                types[left] == types[right], types[left]?.elementType == .float32
            else { continue }
            let (later, earlier) = writers[left] ?? -1 > writers[right] ?? -1 ? (left, right) : (right, left)
            guard let writer = writers[later], counts[later] == 1, !outputs.contains(later),
                nodes[writer].operation is Convolution || isInnerProduct(nodes[writer]),
                nodes[writer].residual == nil, nodes[writer].activation == nil,
                nodes[writer].rounding == nil
                    || (grids[earlier] != nil && readers[output].map { nodes[$0].operation is Rounding } ?? false)
            else { continue }
            nodes[writer].ownRounding = nodes[writer].rounding
            nodes[writer].rounding = nil
            nodes[writer].residual = earlier
            absorb(index, into: writer)
            writers[output] = writer
            removed.insert(index)
        }
        remove(removed)
    }

    private func isAddition(_ operation: any Operator) -> Bool {
        switch operation {
        case let operation as BinaryElementwise: operation.function == .add
        case let operation as VariadicElementwise: operation.function == .sum
        default: false
        }
    }
}
