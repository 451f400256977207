import NeuralNetworks

extension OperatorRegistry {
    /// Operators that give a tensor another shape, compute shapes or make constants of them.
    static let shapes: [Entry] = [
        Entry("Identity") { _ in Identity() },
        Entry("Flatten") { reader in Flatten(axis: try reader.integer("axis", default: 1)) },
        Entry("Reshape", since: 5) { _ in Reshape() },
        Entry("Reshape", since: 14) { reader in
            Reshape(zeros: try reader.flag("allowzero", default: false) ? .literal : .copiesExtent)
        },
        Entry("Squeeze") { reader in
            try reader.supply(try reader.integers("axes"), asInput: 1)
            return Squeeze()
        },
        Entry("Squeeze", since: 13) { _ in Squeeze() },
        Entry("Unsqueeze") { reader in
            guard let axes = try reader.integers("axes") else { throw reader.missing("axes") }
            try reader.supply(axes, asInput: 1)
            return Unsqueeze()
        },
        Entry("Unsqueeze", since: 13) { _ in Unsqueeze() },
        Entry("Cast", since: 6) { reader in
            reader.ignore("saturate", "round_mode")
            return Conversion(to: try ElementType(onnx: try reader.integer("to")))
        },
        Entry("CastLike", since: 15) { reader in
            reader.ignore("saturate", "round_mode")
            return MatchingConversion()
        },
        Entry("EyeLike", since: 9) { reader in
            let type = try reader.optionalInteger("dtype")
            return DiagonalMatrix(
                elementType: try type.map { try ElementType(onnx: $0) }, diagonal: try reader.integer("k", default: 0))
        },
        Entry("Shape") { reader in
            ShapeOf(start: try reader.integer("start", default: 0), end: try reader.optionalInteger("end"))
        },
        Entry("Size") { _ in ElementCount() },
        Entry("ConstantOfShape", since: 9) { reader in
            guard let value = try reader.tensor("value") else { return ConstantOfShape() }
            guard value.shape.elementCount == 1 else {
                throw FormatProblem(.malformed, "fills with \(value.shape.elementCount) values")
            }
            return ConstantOfShape(value: value)
        },
        Entry("Range", since: 11) { _ in NumberRange() },
    ]
}
