/// What a reader is willing to spend on one file. A file that asks for more is refused, from its header where that
/// suffices, with an error of kind `limit`; raise the limits for files that are known to be good.
public struct TIFFLimits: Sendable, Hashable {
    /// Width times height of one image, in pixels. The pixels are streamed, so this guards time, not memory.
    public var maximumPixelsPerImage: Int
    /// Directories of one file, pages and sub-IFDs together.
    public var maximumDirectories: Int
    /// Bytes of the tags of one directory, the tables of its tiles or strips apart.
    public var maximumTagBytes: Int
    /// Decoded bytes of one tile, or of one strip that has to be decoded whole.
    public var maximumTileBytes: Int
    /// Decoded tiles and strips kept for the next window, in bytes.
    public var maximumCacheBytes: Int
    /// Of these, decoded tiles, where that is less: strips are as wide as the image and serve more windows.
    public var maximumTileCacheBytes: Int
    /// Bytes that one returned window may hold.
    public var maximumWindowBytes: Int
    /// How many times larger than the file its decoded pages may be together: what stops a decompression bomb.
    public var maximumExpansion: Int
    /// Decoded bytes up to which `maximumExpansion` is not looked at: a small blank image may shrink to nothing.
    public var freeExpansionBytes: Int

    public init(
        maximumPixelsPerImage: Int = 1 << 38,
        maximumDirectories: Int = 10_000,
        maximumTagBytes: Int = 256 << 20,
        maximumTileBytes: Int = 256 << 20,
        maximumCacheBytes: Int = 128 << 20,
        maximumTileCacheBytes: Int = 128 << 20,
        maximumWindowBytes: Int = 1 << 30,
        maximumExpansion: Int = 400,
        freeExpansionBytes: Int = 256 << 20
    ) {
        self.maximumPixelsPerImage = maximumPixelsPerImage
        self.maximumDirectories = maximumDirectories
        self.maximumTagBytes = maximumTagBytes
        self.maximumTileBytes = maximumTileBytes
        self.maximumCacheBytes = maximumCacheBytes
        self.maximumTileCacheBytes = maximumTileCacheBytes
        self.maximumWindowBytes = maximumWindowBytes
        self.maximumExpansion = maximumExpansion
        self.freeExpansionBytes = freeExpansionBytes
    }

    public static let `default` = TIFFLimits()

    /// The work that a file may cause: in bytes, decoded or read.
    func decodingBudget(fileSize: Int) -> Int {
        let (scaled, overflow) = fileSize.multipliedReportingOverflow(by: maximumExpansion)
        return max(freeExpansionBytes, overflow ? Int.max : scaled)
    }
}
