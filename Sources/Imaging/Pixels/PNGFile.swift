/// PNG files as arrays of samples.
enum PNGFile {
    /// The samples of a pixel in memory.
    struct Format: Hashable {
        var isColour: Bool
        /// 16 bits a sample on a linear scale, which is a 16-bit file's own where it names no gamma; else 8 bits, sRGB.
        var is16Bit: Bool

        var samplesPerPixel: Int { isColour ? 3 : 1 }
    }

    struct Picture<Sample> {
        let width: Int
        let height: Int
        /// `[H, W, samplesPerPixel]`.
        let samples: [Sample]
    }

    /// The format that holds all that a file has.
    static func format(path: String) throws(ImagingError) -> Format {
        try PNGHandle(reading: path).format
    }

    /// All pixels in the given format. What is transparent shows `background` (an 8-bit level of all channels).
    ///
    /// - Precondition: `Sample` has 16 bits where the format has, else 8.
    static func read<Sample: FixedWidthInteger & UnsignedInteger>(
        path: String, as format: Format, background: UInt8, limits: PictureLimits
    ) throws(ImagingError) -> Picture<Sample> {
        precondition(Sample.bitWidth == (format.is16Bit ? 16 : 8), "a sample type of another size")
        var handle = try PNGHandle(reading: path)
        let (width, height) = (handle.width, handle.height)
        try limits.check(width: width, height: height)
        var samples = [Sample](repeating: 0, count: width * height * format.samplesPerPixel)
        try handle.read(into: &samples, as: format, background: background)
        return Picture(width: width, height: height, samples: samples)
    }

    /// Writes 8-bit samples, `[H, W, samplesPerPixel]`.
    static func write(
        path: String, width: Int, height: Int, isColour: Bool, samples: [UInt8]
    ) throws(ImagingError) {
        var handle = PNGHandle(width: width, height: height)
        try handle.write(samples, as: Format(isColour: isColour, is16Bit: false), path: path)
    }

    /// Writes a picture of one bit a pixel: black for 0, white for 1.
    static func writeBilevel(path: String, width: Int, height: Int, samples: [UInt8]) throws(ImagingError) {
        var handle = PNGHandle(width: width, height: height)
        // A palette of two greys is what the simplified interface stores in one bit.
        try handle.write(samples, palette: [0, 255], path: path)
    }
}
