extension WindowGeometry {
    /// Elements along the last spatial axis that one window position connects: `count` neighbours in
    /// an output plane and, `stride` apart, those that they read in an input plane.
    struct Row {
        let output: Int
        let input: Int
        let count: Int
    }

    /// What the window position `kernel` connects, padding left out.
    ///
    /// With it, a convolution is one loop over contiguous (or strided) memory, whatever its rank.
    func rows(at kernel: [Int]) -> [Row] {
        let valid = kernel.indices.map { validOutputs($0, kernel: kernel[$0]) }
        guard let columns = valid.last, !valid.contains(where: \.isEmpty) else { return [] }
        let inputStrides = Shape(inputShape).strides
        let outputStrides = Shape(outputShape).strides
        var firstInput = 0
        var firstOutput = 0
        for axis in kernel.indices {
            let output = valid[axis].lowerBound
            firstOutput += outputStrides[axis] * output
            firstInput += inputStrides[axis] * coordinate(axis, output: output, kernel: kernel[axis])
        }
        let extents = valid.dropLast().map(\.count)
        let outputs = StridedOffsets(extents: extents, strides: Array(outputStrides.dropLast()), start: firstOutput)
        let inputs = StridedOffsets(
            extents: extents, strides: zip(inputStrides, strides).dropLast().map { $0 * $1 }, start: firstInput)
        return zip(outputs, inputs).map { Row(output: $0, input: $1, count: columns.count) }
    }

    /// The window's positions in row-major order: `[0, 0], [0, 1], ...`
    var kernelPositions: Positions { Positions(extents: kernelShape) }

    /// Elements of one input plane.
    var inputCount: Int { inputShape.reduce(1, *) }

    /// Elements of one output plane.
    var outputCount: Int { outputShape.reduce(1, *) }
}

/// All positions in a box, in row-major order.
struct Positions: Sequence {
    let extents: [Int]

    func makeIterator() -> Iterator { Iterator(extents: extents) }

    struct Iterator: IteratorProtocol {
        private let extents: [Int]
        private var upcoming: [Int]?

        init(extents: [Int]) {
            self.extents = extents
            upcoming = extents.contains(0) ? nil : extents.map { _ in 0 }
        }

        mutating func next() -> [Int]? {
            guard var position = upcoming else { return nil }
            let current = position
            upcoming = nil
            for axis in extents.indices.reversed() {
                position[axis] += 1
                if position[axis] < extents[axis] {
                    upcoming = position
                    break
                }
                position[axis] = 0
            }
            return current
        }
    }
}
