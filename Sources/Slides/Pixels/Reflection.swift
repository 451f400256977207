/// Mirroring at a picture's edges, the edge pixel itself not repeated (numpy's `reflect`): `2 1 | 0 1 2 3 | 2 1`.
package enum Reflection {
    /// The index in `0..<length` that `index` mirrors to, however far outside it lies.
    package static func fold(_ index: Int, length: Int) -> Int {
        precondition(length > 0, "nothing to mirror in")
        guard length > 1 else { return 0 }
        let period = 2 * (length - 1)
        let remainder = index % period
        let phase = remainder < 0 ? remainder + period : remainder
        return phase < length ? phase : period - phase
    }
}
