import NeuralNetworks

extension OperatorRegistry {
    /// Operators that move, cut, join and resample.
    static let movements: [Entry] = [
        Entry("Concat") { reader in Concatenation(axis: try reader.integer("axis")) },
        Entry("Split") { reader in
            try reader.supply(try reader.integers("split"), asInput: 1)
            return Split(axis: try reader.integer("axis", default: 0), parts: reader.outputs.count)
        },
        Entry("Split", since: 13) { reader in
            Split(
                axis: try reader.integer("axis", default: 0),
                parts: try reader.integer("num_outputs", default: reader.outputs.count))
        },
        Entry("Transpose") { reader in Transpose(permutation: try reader.integers("perm")) },
        Entry("Expand", since: 8) { _ in Expansion() },
        Entry("Tile") { _ in Tile() },
        Entry("Slice") { reader in
            guard let starts = try reader.integers("starts") else { throw reader.missing("starts") }
            guard let ends = try reader.integers("ends") else { throw reader.missing("ends") }
            try reader.supply(starts, asInput: 1)
            try reader.supply(ends, asInput: 2)
            try reader.supply(try reader.integers("axes"), asInput: 3)
            return Slice()
        },
        Entry("Slice", since: 10) { _ in Slice() },
        Entry("Pad") { reader in
            guard let pads = try reader.integers("pads") else { throw reader.missing("pads") }
            try reader.supply(pads, asInput: 1)
            try reader.supply(Tensor(shape: [], [try reader.float("value", default: 0)]), asInput: 2)
            return Padding(try reader.paddingMode())
        },
        Entry("Pad", since: 11) { reader in Padding(try reader.paddingMode()) },
        Entry("DepthToSpace") { reader in
            DepthToSpace(
                blockSize: try reader.integer("blocksize"),
                order: try reader.choice("mode", default: .blockFirst, ["DCR": .blockFirst, "CRD": .blockLast]))
        },
        Entry("SpaceToDepth") { reader in
            // Sets from 28 on know another order, too.
            _ = try reader.choice("mode", default: true, ["DCR": true])
            return SpaceToDepth(blockSize: try reader.integer("blocksize"))
        },
        Entry("Col2Im", since: 18) { reader in ColumnsToImage(window: try reader.window()) },
        Entry("Trilu", since: 14) { reader in
            TriangularPart(try reader.flag("upper", default: true) ? .upper : .lower)
        },
    ]
}

extension NodeReader {
    fileprivate mutating func paddingMode() throws(FormatProblem) -> Padding.Mode {
        try choice(
            "mode", default: .constant,
            ["constant": .constant, "reflect": .reflect, "edge": .edge, "wrap": .wrap])
    }
}
