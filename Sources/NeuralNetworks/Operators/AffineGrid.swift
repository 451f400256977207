/// The places that an affine map sends an output's elements to, for ``GridSample``.
///
/// Inputs: maps `[N, r, r + 1]` `float32` and the output's extents `[N, C, D1, ..., Dr]` `int64`, r being 2 or 3.
/// Output: `[N, D1, ..., Dr, r]`, each place by its coordinates along Dr, ..., D1.
///
/// Source: Jaderberg et al., "Spatial transformer networks", 2015, equation 1; ONNX operator AffineGrid.
public struct AffineGrid: Operator {
    /// Whether -1 and 1 are the centres of the outermost elements, not their outer edges.
    public var alignsCorners: Bool

    public init(alignsCorners: Bool = false) { self.alignsCorners = alignsCorners }

    public var name: String { "AffineGrid" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let maps = try arguments.float32(0, rank: 3...3)
        let rank = maps[1]
        guard 2...3 ~= rank, maps[2] == rank + 1 else { throw invalid(.inputs, "has no affine maps of \(maps)") }
        guard let size = try arguments.integers(1), size.count == rank + 2, size[0] == maps[0] else {
            throw invalid(.inputs, "cannot apply \(maps) to such an output")
        }
        return [TensorType(elementType: .float32, shape: try shape([maps[0]] + size.dropFirst(2) + [rank]))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let maps = inputs.floats(0)
        let rank = output[output.rank - 1]
        var places: [Float] = []
        places.reserveCapacity(output.elementCount)
        for image in 0..<output[0] {
            for position in Positions(extents: Array(output.dimensions[1...rank])) {
                let point = position.indices.reversed().map { coordinate(position[$0], extent: output[$0 + 1]) } + [1]
                for row in 0..<rank {
                    let start = (image * rank + row) * (rank + 1)
                    places.append((0...rank).reduce(Float(0)) { $0 + maps[start + $1] * point[$1] })
                }
            }
        }
        return [Tensor(shape: output, places)]
    }

    private func coordinate(_ position: Int, extent: Int) -> Float {
        guard alignsCorners else { return (2 * Float(position) + 1) / Float(extent) - 1 }
        return extent == 1 ? 0 : 2 * Float(position) / Float(extent - 1) - 1
    }
}
