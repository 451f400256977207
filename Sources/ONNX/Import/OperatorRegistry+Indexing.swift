import NeuralNetworks

extension OperatorRegistry {
    /// Operators that read or write elements by their positions.
    static let indexing: [Entry] = [
        Entry("Gather") { reader in Gather(axis: try reader.integer("axis", default: 0)) },
        Entry("GatherElements", since: 11) { reader in GatherElements(axis: try reader.integer("axis", default: 0)) },
        Entry("GatherND", since: 11) { reader in
            GatherND(batchAxes: try reader.integer("batch_dims", default: 0))
        },
        Entry("ScatterND", since: 11) { reader in ScatterND(try reader.combination()) },
        Entry("ScatterElements", since: 11) { reader in
            ScatterElements(try reader.combination(), axis: try reader.integer("axis", default: 0))
        },
        // What ScatterElements was called.
        Entry("Scatter", since: 9) { reader in ScatterElements(axis: try reader.integer("axis", default: 0)) },
        Entry("OneHot", since: 9) { reader in OneHot(axis: try reader.integer("axis", default: -1)) },
        Entry("NonZero", since: 9) { _ in SelectedPositions() },
        Entry("Compress", since: 9) { reader in Compression(axis: try reader.optionalInteger("axis")) },
    ]

    /// Operators whose output's size depends on what the network computes, whatever their inputs.
    static let dataDependent: Set<String> = ["NonMaxSuppression", "Unique"]
}

extension NodeReader {
    fileprivate mutating func combination() throws(FormatProblem) -> ScatterCombination {
        try choice(
            "reduction", default: .replace,
            ["none": .replace, "add": .add, "mul": .multiply, "max": .maximum, "min": .minimum])
    }
}
