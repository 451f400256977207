import TIFF

/// A TIFF file of one picture in colours.
public enum PlainScan {
    /// - Parameter pixels: RGB, `[height, width, 3]`.
    public static func write(
        _ pixels: [UInt8], width: Int, height: Int, micrometresPerPixel: Double, to path: String
    ) throws(SlideError) {
        var layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: 3)
        layout.resolution = TIFFResolution(micrometresPerPixel: micrometresPerPixel)
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path)
            try writer.beginPage(layout)
            try writer.writeRows(pixels)
            try writer.finish()
        } catch { throw SlideError(error) }
    }
}
