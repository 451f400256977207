import NeuralNetworks

/// A value that is broadcast along neighbouring axes in the middle of another's, as masks of attention and gates of pixels
/// are: `[outer, 1, inner]` to `[outer, repeated, inner]`.
struct RowBroadcast {
    let outer, repeated, inner: Int

    /// - Returns: nil where `own` is broadcast otherwise, or not in several places at once.
    init?(_ own: Shape, to shape: Shape) {
        let extents = [Int](repeating: 1, count: shape.rank - own.rank) + own.dimensions
        let differing = shape.dimensions.indices.filter { extents[$0] != shape[$0] }
        guard let first = differing.first, let last = differing.last,
            (first...last).allSatisfy({ extents[$0] == 1 })
        else { return nil }
        outer = shape.dimensions[..<first].reduce(1, *)
        repeated = shape.dimensions[first...last].reduce(1, *)
        inner = shape.dimensions[(last + 1)...].reduce(1, *)
    }
}
