/// What a reader is willing to spend on one file. A file that asks for more is refused with an error of kind `limit`; raise
/// the limits for files that are known to be good.
public struct ReadingLimits: Sendable, Hashable {
    /// Width times height of one image, in pixels. The pixels are streamed, so this guards time, not memory.
    public var maximumPixelsPerImage: Int
    /// Decoded bytes of one tile, or of one strip that has to be decoded whole.
    public var maximumTileBytes: Int
    /// How many times larger than the file its decoded pages may be together: what stops a decompression bomb.
    public var maximumExpansion: Int
    /// Decoded tiles and strips kept for the next window, in bytes.
    public var maximumCacheBytes = 128 << 20
    /// Of these, decoded tiles, where that is less: strips are as wide as the image and serve more windows.
    public var maximumTileCacheBytes = 128 << 20

    /// Not a limit, but likewise what the pipeline says of reading.
    public var colour = ColourReading()

    public init(
        maximumPixelsPerImage: Int = 1 << 38, maximumTileBytes: Int = 256 << 20, maximumExpansion: Int = 400
    ) {
        self.maximumPixelsPerImage = maximumPixelsPerImage
        self.maximumTileBytes = maximumTileBytes
        self.maximumExpansion = maximumExpansion
    }

    public static let `default` = ReadingLimits()
}
