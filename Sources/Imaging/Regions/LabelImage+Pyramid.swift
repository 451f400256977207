import Slides

extension LabelImage {
    /// The coarsest level has no longer side, in pixels.
    private static let coarsestSide = 1_024

    /// Writes regions as an OME-TIFF (ome-model 2016-06, "6D, 7D and 8D storage": sub-resolutions) of 16 bits, or 32 where
    /// there are more than those count: 0 is background, `n` the `n`-th region. Each level has half the sides of the one
    /// before and shows every second of its pixels: numbers have no mean.
    ///
    /// - Parameter micrometresPerPixel: nil where it was not measured.
    public static func writePyramid(
        _ regions: [RunLengths], width: Int, height: Int, micrometresPerPixel: Double?, to path: String
    ) throws(ImagingError) {
        let isWide = regions.count > Int(UInt16.max)
        var factors = [1]
        while max(width, height) / (factors.last ?? 1) > coarsestSide { factors.append((factors.last ?? 1) * 2) }
        let levels = factors.map { factor in
            Level(
                width: max(1, width / factor), height: max(1, height / factor),
                micrometresPerPixel: micrometresPerPixel.map { $0 * Double(factor) })
        }
        let description = OMEDescription.xml(
            image: "labels", pixelType: isWide ? "uint32" : "uint16", width: width, height: height, channels: [nil],
            micrometresPerPixel: micrometresPerPixel.map { ($0, $0) })
        do throws(SlideError) {
            try writePyramid(levels, isWide: isWide, description: description, to: path) { index in
                let level = levels[index]
                var rows = RegionLabelRows(
                    width: level.width, height: level.height, regions: regions.map { $0.sampled(every: factors[index]) }
                )
                return { rows.next($0) }
            }
        } catch { throw .slide(error) }
    }
}

extension RunLengths {
    /// The pixels in the middle of squares of so many, as pixels of a picture that has one for each square.
    func sampled(every factor: Int) -> RunLengths {
        guard factor > 1 else { return self }
        let middle = factor / 2
        return RunLengths(
            ordered: runs.compactMap { run in
                guard run.row % factor == middle else { return nil }
                // The first and the last square whose middle lies within.
                let start = (max(0, run.start - middle) + factor - 1) / factor
                let end = (run.end - middle + factor - 1) / factor
                return end > start ? PixelRun(row: run.row / factor, start: start, length: end - start) : nil
            })
    }
}
