import Slides
import TIFF

extension LabelImage {
    /// Bytes of a strip before compression. LZW cannot make so few more than some 300 times smaller, so that no reader takes
    /// the empty picture of a huge scan for a decompression bomb.
    private static let stripByteCount = 1 << 17

    /// Writes regions as a TIFF file of 16 bits, or 32 where there are more than those count: 0 is background, `n` the
    /// `n`-th region.
    ///
    /// In strips: ITK, and so 3D Slicer, reads tiles of 16 bits as zeros, and ImageJ does not open them.
    ///
    /// - Parameter micrometresPerPixel: for the resolution tags; nil where it was not measured.
    public static func write(
        _ regions: [RunLengths], width: Int, height: Int, micrometresPerPixel: Double?, to path: String
    ) throws(ImagingError) {
        let isWide = regions.count > Int(UInt16.max)
        let rowBytes = width * (isWide ? 4 : 2)
        var layout = TIFFPageLayout(width: width, height: height, bitsPerSample: isWide ? 32 : 16)
        layout.organisation = .strips(rowsPerStrip: max(1, min(height, stripByteCount / rowBytes)))
        layout.compression = .lzw
        layout.software = software
        layout.resolution = micrometresPerPixel.map { TIFFResolution(x: 1e4 / $0, y: 1e4 / $0, unit: .centimetre) }
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path, isBigTIFF: rowBytes * height > 1 << 31)
            try writer.beginPage(layout)
            var rows = RegionLabelRows(width: width, height: height, regions: regions)
            while case let labels = rows.next(64), !labels.isEmpty {
                if isWide {
                    try writer.writeRows(labels)
                } else {
                    try writer.writeRows(labels.map { UInt16(truncatingIfNeeded: $0) })
                }
            }
            try writer.finish()
        } catch { throw .slide(SlideError(error)) }
    }
}
