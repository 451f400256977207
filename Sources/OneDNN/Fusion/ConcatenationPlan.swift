import NeuralNetworks

/// Which values are computed straight into their part of a concatenation, so that nothing is copied.
///
/// With channels in blocks, a run of whole blocks of one image is one dense piece of memory: a value of
/// `k * block` channels can lie inside of the concatenated value, at an offset, and so can the last part with
/// any number of channels: its unfinished block is the whole's. The images of a batch then lie apart, and the
/// node that writes the value runs once for each of them.
struct ConcatenationPlan {
    /// A value's place in the value that a concatenation writes.
    struct Slice {
        let shape: Shape
        let whole: String
        let wholeShape: Shape
        let channelOffset: Int
    }

    private var slices: [String: Slice] = [:]

    init(_ graph: FusionGraph, block: MemoryDescriptor.ChannelBlock) {
        for node in graph.nodes {
            guard let concatenation = node.operation as? Concatenation, let whole = node.outputs[0],
                let shape = graph.shape(whole), 3...5 ~= shape.rank, !graph.givesLevels(node),
                concatenation.axis == 1 || concatenation.axis == 1 - shape.rank
            else { continue }
            let parts = node.inputs.compactMap { $0 }
            let fits = parts.indices.allSatisfy { index in
                guard let type = graph.types[parts[index]], graph.constants[parts[index]] == nil else { return false }
                let isWhole = index == parts.count - 1 || type.shape[1] % block.rawValue == 0
                return type.elementType == .float32 && type.shape[1] > 0 && isWhole
            }
            // A value has one home: a part that is used twice would need two.
            guard fits, Set(parts).count == parts.count, parts.allSatisfy({ slices[$0] == nil }) else { continue }
            var offset = 0
            for part in parts {
                guard let own = graph.shape(part) else { continue }
                slices[part] = Slice(shape: own, whole: whole, wholeShape: shape, channelOffset: offset)
                offset += own[1]
            }
        }
    }

    func slice(of value: String) -> Slice? { slices[value] }
}
