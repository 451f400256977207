/// One picture of a file, for `inspect`: a level of an image, a label, or what cannot be read.
public struct ScanPage: Sendable {
    /// Its number in the file, as the format counts.
    public let index: Int
    /// What it is in the scan, such as `image 0, level 1`.
    public let role: String
    /// As stored; nil where that cannot be told.
    public var width: Int?
    public var height: Int?
    public var samplesPerPixel: Int?
    /// How the samples are stored, such as `tiled 8-bit RGB`.
    public var samples: String?
    public var codec: String?
    /// Of the page's own pixels, and where that was read.
    public var micrometresPerPixel: Double?
    public var spacingSource: Spacing.Source?
    /// Of the raw samples, where they were asked for.
    public var mean: Double?
    public var standardDeviation: Double?
    public var error: SlideError?

    public init(index: Int, role: String, error: SlideError? = nil) {
        self.index = index
        self.role = role
        self.error = error
    }
}
