/// The position along an axis of the largest or smallest element, as `int64`.
///
/// Input: `float32`, `int32` or `int64` of any shape of at least one axis.
///
/// Source: ONNX operators ArgMax and ArgMin.
public struct ArgumentExtremum: Operator {
    public enum Extremum: Sendable, Hashable {
        case maximum, minimum
    }

    /// Which of several equal elements counts.
    public enum Tie: Sendable, Hashable {
        case first, last
    }

    public var extremum: Extremum
    public var axis: Int
    /// Whether the axis stays, with an extent of 1.
    public var keepsDimension: Bool
    public var tie: Tie

    public init(_ extremum: Extremum, axis: Int = 0, keepsDimension: Bool = true, tie: Tie = .first) {
        self.extremum = extremum
        self.axis = axis
        self.keepsDimension = keepsDimension
        self.tie = tie
    }

    public var name: String { extremum == .maximum ? "ArgMax" : "ArgMin" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).type(0, of: [.float32, .int32, .int64], rank: 1...)
        var extents = data.shape.dimensions
        let axis = try resolve(axis: axis, rank: extents.count)
        guard extents[axis] > 0 else { throw invalid(.inputs, "has no elements to compare") }
        if keepsDimension { extents[axis] = 1 } else { extents.remove(at: axis) }
        return [TensorType(elementType: .int64, shape: try shape(extents))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        let planes = Planes(data.shape, channelAxis: axis)
        func positions<Element: Comparable>(_ elements: [Element]) -> [Int64] {
            (0..<planes.images * planes.size).map { index in
                let (image, column) = index.quotientAndRemainder(dividingBy: planes.size)
                let start = image * planes.channels * planes.size + column
                var best = 0
                for candidate in 1..<max(planes.channels, 1) {
                    let (new, old) = (elements[start + candidate * planes.size], elements[start + best * planes.size])
                    let better = extremum == .maximum ? new > old : new < old
                    if better || (tie == .last && new == old) { best = candidate }
                }
                return Int64(best)
            }
        }
        switch data.storage {
        case .float32(let elements): return [Tensor(shape: output, positions(elements))]
        case .int32(let elements): return [Tensor(shape: output, positions(elements))]
        case .int64(let elements): return [Tensor(shape: output, positions(elements))]
        case .bool, .uint8, .int8: preconditionFailure("\(name) accepted \(inputs.tensor(0).elementType)")
        }
    }
}
