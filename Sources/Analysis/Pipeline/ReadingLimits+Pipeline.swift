import Slides

extension ReadingLimits {
    /// - Parameter mapping: `reading` of `pipeline.yaml`. Nil where it has problems, which the mapping then knows.
    init?(_ mapping: StrictMapping) {
        let usual = ReadingLimits.default
        let pixels = mapping.integer("maximum-pixels", in: 1...1 << 60, default: usual.maximumPixelsPerImage)
        let expansion = mapping.integer("maximum-expansion", in: 1...1 << 30, default: usual.maximumExpansion)
        let tile = mapping.integer("maximum-tile-mib", in: 1...1 << 12, default: usual.maximumTileBytes >> 20)
        mapping.finish()
        guard let pixels, let expansion, let tile else { return nil }
        self.init(maximumPixelsPerImage: pixels, maximumTileBytes: tile << 20, maximumExpansion: expansion)
    }
}
