/// How large a picture that is read as a whole may be.
public struct PictureLimits: Sendable, Hashable {
    /// Width times height.
    public var maximumPixels: Int

    public init(maximumPixels: Int = 400_000_000) {
        self.maximumPixels = maximumPixels
    }

    func check(width: Int, height: Int) throws(ImagingError) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= maximumPixels else {
            throw .limitExceeded(
                what: "number of pixels", value: overflow ? Int.max : pixels, limit: maximumPixels)
        }
    }
}
