/// By how many pixels of the full resolution a level is coarser, where its size tells: one of its pixels is the mean of a
/// square of so many, and the last ones of a side that this does not divide were left out, or filled up.
///
/// Taken for the whole image, such a level would lie up to a square off at its far edges.
enum LevelFactor {
    /// Nil where no whole number fits both sides.
    static func whole(width: Int, height: Int, ofWidth baseWidth: Int, height baseHeight: Int) -> Int? {
        guard width > 0, height > 0, width <= baseWidth, height <= baseHeight else { return nil }
        let ratio = Double(max(baseWidth, baseHeight)) / Double(max(width, height))
        let power = Int(ratio.exponent)
        // Of several that fit a small level, pyramids have powers of two.
        return [1 << power, 2 << power, Int(ratio.rounded())].first { factor in
            fits(width, baseWidth, factor) && fits(height, baseHeight, factor)
        }
    }

    private static func fits(_ side: Int, _ baseSide: Int, _ factor: Int) -> Bool {
        side == max(1, baseSide / factor) || side == (baseSide + factor - 1) / factor
    }
}
