import Slides

extension LabelImage {
    /// Writes regions as a TIFF file of 16 bits, or 32 where there are more than those count: 0 is background, `n` the
    /// `n`-th region.
    ///
    /// - Parameter micrometresPerPixel: for the resolution tags; nil where it was not measured.
    public static func write(
        _ regions: [RunLengths], width: Int, height: Int, micrometresPerPixel: Double?, to path: String
    ) throws(ImagingError) {
        var rows = RegionLabelRows(width: width, height: height, regions: regions)
        do throws(SlideError) {
            try writeStrips(
                Level(width: width, height: height, micrometresPerPixel: micrometresPerPixel),
                isWide: regions.count > Int(UInt16.max), to: path
            ) { rows.next($0) }
        } catch { throw .slide(error) }
    }
}
