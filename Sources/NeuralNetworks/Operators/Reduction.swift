import Glibc

/// Reduces axes to one number each: their sum, mean, largest element, ...
///
/// Inputs: data, `float32` (for sum, product and extrema `int32` or `int64` too), and optionally the axes as integers.
///
/// Source: the ONNX operators Reduce...
public struct Reduction: Operator {
    public enum Function: Sendable, Hashable, CaseIterable {
        case sum, mean, maximum, minimum, product
        case sumOfSquares, l1Norm, l2Norm, logarithmOfSum, logarithmOfExponentialSum
    }

    /// What an absent or empty list of axes stands for.
    public enum DefaultAxes: Sendable, Hashable {
        case all, none
    }

    public var function: Function
    /// Whether reduced axes stay, with an extent of 1.
    public var keepsDimensions: Bool
    public var defaultAxes: DefaultAxes

    public init(_ function: Function, keepsDimensions: Bool = true, defaultAxes: DefaultAxes = .all) {
        self.function = function
        self.keepsDimensions = keepsDimensions
        self.defaultAxes = defaultAxes
    }

    public var name: String {
        switch function {
        case .sum: "ReduceSum"
        case .mean: "ReduceMean"
        case .maximum: "ReduceMax"
        case .minimum: "ReduceMin"
        case .product: "ReduceProd"
        case .sumOfSquares: "ReduceSumSquare"
        case .l1Norm: "ReduceL1"
        case .l2Norm: "ReduceL2"
        case .logarithmOfSum: "ReduceLogSum"
        case .logarithmOfExponentialSum: "ReduceLogSumExp"
        }
    }

    public var accuracy: AccuracyClass { function == .maximum || function == .minimum ? .exact : .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...2)
        let integers: [ElementType] =
            switch function {
            case .sum, .maximum, .minimum, .product: [.int32, .int64]
            default: []
            }
        let data = try arguments.type(0, of: [.float32] + integers)
        let reduced = try axes(arguments.integers(1), rank: data.shape.rank)
        let extents = data.shape.dimensions.enumerated().compactMap { axis, extent in
            reduced.contains(axis) ? (keepsDimensions ? 1 : nil) : extent
        }
        return [TensorType(elementType: data.elementType, shape: try shape(extents))]
    }

    func axes(_ given: [Int]?, rank: Int) throws -> Set<Int> {
        guard let given, !given.isEmpty else { return defaultAxes == .all ? Set(0..<rank) : [] }
        return Set(try resolve(axes: given, rank: rank))
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let reduced = try axes(inputs.count > 1 ? inputs[1]?.integers : nil, rank: data.shape.rank)
        let strides = data.shape.strides
        let (kept, gone) = ((0..<data.shape.rank).filter { !reduced.contains($0) }, reduced.sorted())
        let starts = StridedOffsets(extents: kept.map { data.shape[$0] }, strides: kept.map { strides[$0] })
        func offsets(_ start: Int) -> StridedOffsets {
            StridedOffsets(extents: gone.map { data.shape[$0] }, strides: gone.map { strides[$0] }, start: start)
        }
        switch data.storage {
        case .float32(let elements):
            return [Tensor(shape: output, starts.map { reduce(offsets($0).lazy.map { elements[$0] }) })]
        case .int32(let elements):
            return [
                Tensor(
                    shape: output,
                    try starts.map { start in
                        try reduce(integers: offsets(start).lazy.map { elements[$0] })
                    })
            ]
        case .int64(let elements):
            return [
                Tensor(
                    shape: output,
                    try starts.map { start in
                        try reduce(integers: offsets(start).lazy.map { elements[$0] })
                    })
            ]
        case .bool, .uint8, .int8: preconditionFailure("\(name) accepted \(inputs.tensor(0).elementType)")
        }
    }

    private func reduce(_ elements: some Sequence<Float>) -> Float {
        switch function {
        case .sum: return elements.reduce(0, +)
        case .mean:
            let (sum, count) = elements.reduce((Float(0), Float(0))) { ($0.0 + $1, $0.1 + 1) }
            return sum / count
        case .maximum: return elements.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
        case .minimum: return elements.reduce(.infinity) { $0.isNaN || $0 < $1 ? $0 : $1 }
        case .product: return elements.reduce(1, *)
        case .sumOfSquares: return elements.reduce(0) { $0 + $1 * $1 }
        case .l1Norm: return elements.reduce(0) { $0 + abs($1) }
        case .l2Norm: return elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
        case .logarithmOfSum: return log(elements.reduce(0, +))
        case .logarithmOfExponentialSum:
            let largest = elements.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
            guard largest.isFinite else { return largest }
            return largest + log(elements.reduce(0) { $0 + exp($1 - largest) })
        }
    }

    private func reduce<Element: FixedWidthInteger>(
        integers elements: some Sequence<Element>
    ) throws -> Element {
        let reduced: Element? =
            switch function {
            case .sum: elements.reduce(0, &+)
            case .product: elements.reduce(1, &*)
            case .maximum: elements.max()
            case .minimum: elements.min()
            default: nil
            }
        guard let reduced else { throw invalid(.inputs, "reduces no elements") }
        return reduced
    }
}
