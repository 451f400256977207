import NeuralNetworks

/// Other words for what exporters write, that keep values where they lie.
extension FusionGraph {
    /// Writes the mean or maximum over all spatial axes as a global pooling, which takes blocks of channels.
    mutating func poolReductions() {
        for (index, node) in nodes.enumerated() {
            guard let reduction = node.operation as? Reduction, reduction.keepsDimensions,
                let rank = shape(node.inputs[0])?.rank, 3...5 ~= rank, node.inputs.count > 1,
                let axes = node.inputs[1].flatMap({ constants[$0]?.integers }),
                Set(axes.map { $0 < 0 ? $0 + rank : $0 }) == Set(2..<rank)
            else { continue }
            switch reduction.function {
            case .mean: nodes[index].operation = GlobalPooling(.average)
            case .maximum: nodes[index].operation = GlobalPooling(.maximum)
            default: continue
            }
            nodes[index].inputs = [node.inputs[0]]
        }
    }

    /// Turns a Slice that takes all into the value itself, as networks have it that cut off channels that they do not have.
    mutating func dropWholeSlices() {
        for (index, node) in nodes.enumerated() where node.operation is Slice {
            guard shape(node.inputs[0]) == shape(node.outputs[0]),
                node.inputs.count < 5
                    || node.inputs[4].flatMap({ constants[$0]?.integers })?.allSatisfy({ $0 > 0 }) == true
            else { continue }
            nodes[index].operation = Identity()
            nodes[index].inputs = [node.inputs[0]]
        }
    }

    /// The same for a Padding by nothing.
    mutating func dropEmptyPaddings() {
        for (index, node) in nodes.enumerated() where node.operation is Padding {
            guard let pads = node.inputs.dropFirst().first.flatMap({ $0 }).flatMap({ constants[$0]?.integers }),
                pads.allSatisfy({ $0 == 0 })
            else { continue }
            nodes[index].operation = Identity()
            nodes[index].inputs = [node.inputs[0]]
        }
    }

    /// Lets a concatenation of what an earlier one joins, and more, begin with that one's result, so that each part of a
    /// densely connected block lies in one place.
    mutating func nestConcatenations() {
        let writers = writers()
        var joined: [[String?]: String] = [:]
        for (index, node) in nodes.enumerated() {
            guard let concatenation = node.operation as? Concatenation, concatenation.axis == 1,
                let output = node.outputs[0],
                // Integers are joined with a scale of their own each time.
                !usesIntegers
                    || !node.inputs.contains(where: {
                        writers[$0 ?? ""].map { nodes[$0].operation is Rounding } ?? false
                    })
            else { continue }
            if let count = (1..<max(node.inputs.count, 1)).last(where: { joined[Array(node.inputs[..<$0])] != nil }),
                let first = joined[Array(node.inputs[..<count])]
            {
                nodes[index].inputs = [first] + node.inputs[count...]
            }
            joined[node.inputs] = joined[node.inputs] ?? output
        }
    }
}
