/// Sums of products of elements whose axes are named by letters: `bij,bjk->bik` multiplies batches of matrices.
///
/// Inputs: one `float32` tensor for each term of the equation. Axes of one letter have one extent, or 1.
///
/// Source: ONNX operator Einsum, as NumPy's `einsum`.
public struct EinsteinSummation: Operator {
    public var equation: String

    /// Products that one evaluation may sum: a letter for each axis makes more of a few small inputs than any
    /// machine can compute.
    private static let mostProducts = 1 << 34

    public init(_ equation: String) { self.equation = equation }

    public var name: String { "Einsum" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...)
        var shapes: [Shape] = []
        for index in inputs.indices { shapes.append(try arguments.float32(index)) }
        let (subscripts, extents) = try plan(shapes)
        return [TensorType(elementType: .float32, shape: try shape(subscripts.output.map { extents[$0] ?? 1 }))]
    }

    /// - Returns: how the axes are named, and the extent of each name.
    private func plan(_ shapes: [Shape]) throws -> (Subscripts, [Label: Int]) {
        let subscripts = try subscripts(ranks: shapes.map(\.rank))
        var extents: [Label: Int] = [:]
        for (labels, shape) in zip(subscripts.inputs, shapes) {
            for (label, extent) in zip(labels, shape.dimensions) {
                let known = extents[label] ?? 1
                guard known == extent || known == 1 || extent == 1 else {
                    throw invalid(.inputs, "has both \(known) and \(extent) elements along one axis of \(equation)")
                }
                extents[label] = known == 1 ? extent : known
            }
        }
        guard Shape(checking: Array(extents.values))?.elementCount ?? .max <= Self.mostProducts else {
            throw invalid(.size, "sums more than \(Self.mostProducts) products")
        }
        return (subscripts, extents)
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (subscripts, extents) = try plan(inputs.indices.map { inputs.tensor($0).shape })
        let summed = Set(extents.keys).subtracting(subscripts.output).sorted()
        func strides(_ index: Int, _ labels: [Label]) -> [Int] {
            let shape = inputs.tensor(index).shape
            return labels.map { label in
                zip(subscripts.inputs[index], zip(shape.dimensions, shape.strides)).reduce(0) { sum, axis in
                    axis.0 == label && axis.1.0 > 1 ? sum + axis.1.1 : sum
                }
            }
        }
        func views(_ labels: [Label]) -> [[Int]] {
            // An input's offsets for every position along the axes named.
            inputs.indices.map { index in
                Array(StridedOffsets(extents: labels.map { extents[$0] ?? 1 }, strides: strides(index, labels)))
            }
        }
        let (starts, steps) = (views(subscripts.output), views(summed))
        let factors = inputs.indices.map { inputs.floats($0) }
        let elements = (0..<output.elementCount).map { position in
            (steps.first ?? []).indices.reduce(Float(0)) { sum, step in
                sum
                    + factors.indices.reduce(Float(1)) {
                        $0 * factors[$1][starts[$1][position] + steps[$1][step]]
                    }
            }
        }
        return [Tensor(shape: output, elements)]
    }
}
