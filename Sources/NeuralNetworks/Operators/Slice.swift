/// A box cut out of a tensor, with a step along each axis.
///
/// Inputs: data of any type, then as integers the starts and ends (counted from the end where
/// negative, clamped where out of range) and optionally the axes that they are for and the steps,
/// which may be negative.
///
/// Source: ONNX operator Slice.
public struct Slice: Operator {
    public init() {}

    public var name: String { "Slice" }
    public var accuracy: AccuracyClass { .exact }

    /// What is taken along one axis: `count` elements, each `step` behind the one before, which may be negative.
    public struct Cut: Sendable, Hashable {
        public let first: Int
        public let step: Int
        public let count: Int

        public init(first: Int, step: Int, count: Int) {
            self.first = first
            self.step = step
            self.count = count
        }
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 3...5).type(0)
        return [TensorType(elementType: data.elementType, shape: Shape(try cuts(for: inputs).map(\.count)))]
    }

    /// What is taken along each axis of the data.
    ///
    /// - Throws: ``OperatorError`` where starts, ends, axes or steps are not constant or do not fit the data.
    public func cuts(for inputs: [KnownValue?]) throws -> [Cut] {
        let arguments = try Arguments(inputs, of: self, count: 3...5)
        return try cuts(arguments, of: arguments.type(0).shape)
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let data = inputs.tensor(0)
        let cuts = try cuts(for: inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } })
        return [data.gathering(offsets(of: cuts, in: data.shape), shape: Shape(cuts.map(\.count)))]
    }

    /// Where in data of `shape` the elements are that are taken.
    func offsets(of cuts: [Cut], in shape: Shape) -> StridedOffsets {
        let strides = shape.strides
        return StridedOffsets(
            extents: cuts.map(\.count), strides: zip(cuts, strides).map { $0.step * $1 },
            start: zip(cuts, strides).reduce(0) { $0 + $1.0.first * $1.1 })
    }

    private func cuts(_ arguments: Arguments, of shape: Shape) throws -> [Cut] {
        guard let starts = try arguments.integers(1), let ends = try arguments.integers(2) else {
            throw invalid(.inputs, "lacks starts or ends")
        }
        let axes = try resolve(axes: arguments.integers(3) ?? Array(starts.indices), rank: shape.rank)
        let steps = try arguments.integers(4) ?? starts.map { _ in 1 }
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count,
            !steps.contains(0)
        else { throw invalid(.inputs, "has starts \(starts), ends \(ends), axes \(axes), steps \(steps)") }
        var cuts = shape.dimensions.map { Cut(first: 0, step: 1, count: $0) }
        for (index, axis) in axes.enumerated() {
            let extent = shape[axis]
            // A longer step than the axis takes one element too, and cannot overflow.
            let step = min(max(steps[index], -extent - 1), extent + 1)
            let lowest = step > 0 ? 0 : -1
            func clamp(_ position: Int, from lower: Int) -> Int {
                min(max(position < 0 ? position + extent : position, lower), step > 0 ? extent : extent - 1)
            }
            let first = clamp(starts[index], from: step > 0 ? 0 : min(0, extent - 1))
            let end = clamp(ends[index], from: lowest)
            let span = step > 0 ? end - first : first - end
            cuts[axis] = Cut(first: max(first, 0), step: step, count: span > 0 ? (span - 1) / abs(step) + 1 : 0)
        }
        return cuts
    }
}
