import NeuralNetworks

extension OperatorRegistry {
    static let axisReductions: [Entry] = functions.flatMap { type, since, function in
        [
            Entry(type) { reader in
                try reader.supply(try reader.integers("axes"), asInput: 1)
                return Reduction(function, keepsDimensions: try reader.flag("keepdims", default: true))
            },
            Entry(type, since: since) { reader in
                Reduction(
                    function, keepsDimensions: try reader.flag("keepdims", default: true),
                    defaultAxes: try reader.flag("noop_with_empty_axes", default: false) ? .none : .all)
            },
        ]
    }

    /// Operators that find positions along an axis.
    static let positions: [Entry] = [
        Entry("ArgMax") { reader in try reader.argument(.maximum) },
        Entry("ArgMin") { reader in try reader.argument(.minimum) },
        Entry("TopK") { reader in
            try reader.supply([try reader.integer("k")], asInput: 1)
            return TopElements(axis: try reader.integer("axis", default: -1))
        },
        Entry("TopK", since: 10) { reader in
            reader.ignore("sorted")
            return TopElements(
                try reader.flag("largest", default: true) ? .largest : .smallest,
                axis: try reader.integer("axis", default: -1))
        },
    ]

    /// Type, and the version since which the axes are an input.
    private static let functions: [(String, Int, Reduction.Function)] = [
        ("ReduceSum", 13, .sum), ("ReduceMean", 18, .mean), ("ReduceMax", 18, .maximum), ("ReduceMin", 18, .minimum),
        ("ReduceProd", 18, .product), ("ReduceSumSquare", 18, .sumOfSquares), ("ReduceL1", 18, .l1Norm),
        ("ReduceL2", 18, .l2Norm), ("ReduceLogSum", 18, .logarithmOfSum),
        ("ReduceLogSumExp", 18, .logarithmOfExponentialSum),
    ]
}

extension NodeReader {
    fileprivate mutating func argument(
        _ extremum: ArgumentExtremum.Extremum
    ) throws(FormatProblem) -> ArgumentExtremum {
        ArgumentExtremum(
            extremum, axis: try integer("axis", default: 0), keepsDimension: try flag("keepdims", default: true),
            tie: try flag("select_last_index", default: false) ? .last : .first)
    }
}
