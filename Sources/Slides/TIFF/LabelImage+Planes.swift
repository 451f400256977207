import TIFF

extension LabelImage {
    /// Writes planes of 8 bits in tiles, a page each: by its `Software` tag no scan either.
    ///
    /// - Parameters:
    ///   - planes: each `[height, width]`, in row-major order.
    ///   - micrometresPerPixel: along x and y; nil where it was not measured.
    ///   - description: of the first page.
    public static func writePlanes(
        _ planes: [[UInt8]], width: Int, height: Int, micrometresPerPixel: (x: Double, y: Double)?, description: String,
        to path: String
    ) throws(SlideError) {
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path)
            for (index, plane) in planes.enumerated() {
                var layout = TIFFPageLayout(width: width, height: height, bitsPerSample: 8)
                layout.organisation = .tiles(width: 256, height: 256)
                layout.compression = .deflate
                layout.software = software
                layout.resolution = micrometresPerPixel.map {
                    TIFFResolution(x: 1e4 / $0.x, y: 1e4 / $0.y, unit: .centimetre)
                }
                if index == 0 { layout.imageDescription = description }
                try writer.beginPage(layout)
                try writer.writeRows(plane)
            }
            try writer.finish()
        } catch { throw SlideError(error) }
    }
}
