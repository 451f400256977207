extension Shape {
    /// The common shape that both can be broadcast to, axes aligned at the last one; nil where
    /// extents differ and neither is 1, or the result is too large.
    ///
    /// Source: ONNX, "Broadcasting in ONNX", multidirectional (as in NumPy).
    public func broadcast(with other: Shape) -> Shape? {
        let rank = Swift.max(rank, other.rank)
        var extents = [Int](repeating: 1, count: rank)
        for axis in 0..<rank {
            switch (alignedExtent(axis, rank: rank), other.alignedExtent(axis, rank: rank)) {
            case (let mine, let theirs) where mine == theirs: extents[axis] = mine
            case (1, let theirs): extents[axis] = theirs
            case (let mine, 1): extents[axis] = mine
            default: return nil
            }
        }
        return Shape(checking: extents)
    }

    /// Offsets of this shape's elements in the order of the elements of `target`, to which it is broadcast.
    ///
    /// - Precondition: this shape broadcasts to `target`.
    func offsets(broadcastTo target: Shape) -> StridedOffsets {
        let own = strides
        let strides = (0..<target.rank).map { axis in
            alignedExtent(axis, rank: target.rank) == 1 ? 0 : own[axis - (target.rank - rank)]
        }
        return StridedOffsets(extents: target.dimensions, strides: strides)
    }

    private func alignedExtent(_ axis: Int, rank wide: Int) -> Int {
        axis < wide - rank ? 1 : dimensions[axis - (wide - rank)]
    }
}
