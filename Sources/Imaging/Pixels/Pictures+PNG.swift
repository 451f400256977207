import Slides

extension RGBImage {
    /// A PNG of any kind in 8-bit sRGB, over white where it is transparent.
    ///
    /// - Throws: `ImagingError.png`, `ImagingError.limitExceeded`.
    public init(pngPath path: String, limits: PictureLimits = PictureLimits()) throws(ImagingError) {
        let picture: PNGFile.Picture<UInt8> = try PNGFile.read(
            path: path, as: PNGFile.Format(isColour: true, is16Bit: false), background: 255, limits: limits)
        self.init(width: picture.width, height: picture.height, pixels: picture.samples)
    }

    /// Writes 8-bit RGB.
    ///
    /// - Throws: `ImagingError.png`.
    public func writePNG(path: String) throws(ImagingError) {
        try PNGFile.write(path: path, width: width, height: height, isColour: true, samples: pixels)
    }
}

extension GreyImage {
    /// A PNG of any kind as 8-bit grey, over white where it is transparent.
    ///
    /// - Throws: `ImagingError.png`, `ImagingError.limitExceeded`.
    public init(pngPath path: String, limits: PictureLimits = PictureLimits()) throws(ImagingError) {
        let picture: PNGFile.Picture<UInt8> = try PNGFile.read(
            path: path, as: PNGFile.Format(isColour: false, is16Bit: false), background: 255, limits: limits)
        self.init(width: picture.width, height: picture.height, pixels: picture.samples)
    }

    /// Writes 8-bit grey.
    ///
    /// - Throws: `ImagingError.png`.
    public func writePNG(path: String) throws(ImagingError) {
        try PNGFile.write(path: path, width: width, height: height, isColour: false, samples: pixels)
    }
}

extension MaskImage {
    /// A PNG of any kind as a mask: foreground is what is not black (or, with transparency, not transparent over black).
    ///
    /// - Throws: `ImagingError.png`, `ImagingError.limitExceeded`; `.invalidParameter` where several values mark pixels, and not an
    ///   object each.
    public init(pngPath path: String, limits: PictureLimits = PictureLimits()) throws(ImagingError) {
        let format = try PNGFile.format(path: path)
        if format.is16Bit {
            // Label images may hold small numbers in 16 bits, which 8 bits would round to black.
            let picture: PNGFile.Picture<UInt16> = try PNGFile.read(
                path: path, as: format, background: 0, limits: limits)
            try self.init(picture, samplesPerPixel: format.samplesPerPixel)
        } else {
            let picture: PNGFile.Picture<UInt8> = try PNGFile.read(
                path: path, as: format, background: 0, limits: limits)
            try self.init(picture, samplesPerPixel: format.samplesPerPixel)
        }
    }

    private init<Sample: FixedWidthInteger>(
        _ picture: PNGFile.Picture<Sample>, samplesPerPixel: Int
    ) throws(ImagingError) {
        var pixels: [Bool] = []
        pixels.reserveCapacity(picture.width * picture.height)
        var values = MaskValues(width: picture.width)
        for row in 0..<picture.height {
            let marks = picture.samples.withUnsafeBufferPointer { samples in
                (row * picture.width..<(row + 1) * picture.width).map { pixel in
                    (0..<samplesPerPixel).reduce(UInt64(0)) { $0 << 16 | UInt64(samples[pixel * samplesPerPixel + $1]) }
                }
            }
            values.add(marks)
            pixels += marks.map { $0 != 0 }
        }
        try values.requireOneMeaning()
        self.init(width: picture.width, height: picture.height, pixels: pixels)
    }

    /// Writes one bit a pixel, foreground white.
    ///
    /// - Throws: `ImagingError.png`.
    public func writePNG(path: String) throws(ImagingError) {
        try PNGFile.writeBilevel(path: path, width: width, height: height, samples: pixels.map { $0 ? 1 : 0 })
    }
}
