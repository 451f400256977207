/// The offsets of a strided view of an array, in row-major order of the view.
///
/// A transposed, sliced or broadcast tensor is such a view: for each axis an extent and the
/// distance between neighbours, which is 0 on a broadcast axis and negative on a reversed one.
struct StridedOffsets: Sequence {
    let extents: [Int]
    let strides: [Int]
    let start: Int

    init(extents: [Int], strides: [Int], start: Int = 0) {
        precondition(extents.count == strides.count, "\(extents.count) extents, \(strides.count) strides")
        self.extents = extents
        self.strides = strides
        self.start = start
    }

    var underestimatedCount: Int { extents.reduce(1, *) }

    func makeIterator() -> Iterator { Iterator(self) }

    struct Iterator: IteratorProtocol {
        private let extents: [Int]
        private let strides: [Int]
        private var position: [Int]
        private var offset: Int
        private var remaining: Int

        init(_ view: StridedOffsets) {
            extents = view.extents
            strides = view.strides
            position = [Int](repeating: 0, count: view.extents.count)
            offset = view.start
            remaining = view.underestimatedCount
        }

        mutating func next() -> Int? {
            guard remaining > 0 else { return nil }
            remaining -= 1
            let current = offset
            var axis = extents.count - 1
            while axis >= 0 {
                position[axis] += 1
                offset += strides[axis]
                if position[axis] < extents[axis] { break }
                offset -= extents[axis] * strides[axis]
                position[axis] = 0
                axis -= 1
            }
            return current
        }
    }
}
