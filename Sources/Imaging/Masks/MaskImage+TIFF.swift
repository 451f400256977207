import Slides

extension MaskImage {
    /// The first image of a TIFF file as a mask.
    ///
    /// - Throws: `ImagingError.slide`, `ImagingError.limitExceeded`; `.invalidParameter` where several values mark pixels, and not
    ///   an object each.
    public init(tiffPath path: String, limits: PictureLimits = PictureLimits()) throws(ImagingError) {
        let picture: NumberPicture
        do throws(SlideError) { picture = try NumberPicture(path: path) } catch { throw .slide(error) }
        try limits.check(width: picture.width, height: picture.height)
        var pixels: [Bool] = []
        var values = MaskValues(width: picture.width)
        pixels.reserveCapacity(picture.width * picture.height)
        let rows = max(1, (1 << 22) / picture.width)
        for y in stride(from: 0, to: picture.height, by: rows) {
            let marks: [UInt64]
            do throws(SlideError) {
                marks = try picture.marks(in: y..<min(y + rows, picture.height))
            } catch { throw .slide(error) }
            values.add(marks)
            pixels += marks.map { $0 != 0 }
        }
        try values.requireOneMeaning()
        self.init(width: picture.width, height: picture.height, pixels: pixels)
    }
}
