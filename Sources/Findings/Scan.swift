/// One image file, identified by the SHA-256 of its bytes, never by its name.
public struct Scan: Sendable, Hashable {
    public let sha256: ContentHash
    public let byteCount: Int64
    /// Level-0 size in pixels and number of pyramid levels; nil where the file could not be read so far.
    public let image: Image?

    /// What the reader makes of the file.
    public struct Image: Sendable, Hashable {
        public let width: Int
        public let height: Int
        public let levels: Int
        public let spacing: RecordedSpacing
        /// For people: organisation, samples and codec, such as `tiled 8-bit RGB, JPEG`.
        public let format: String

        public init(width: Int, height: Int, levels: Int, spacing: RecordedSpacing, format: String) {
            self.width = width
            self.height = height
            self.levels = levels
            self.spacing = spacing
            self.format = format
        }
    }

    public init(sha256: ContentHash, byteCount: Int64, image: Image?) {
        self.sha256 = sha256
        self.byteCount = byteCount
        self.image = image
    }
}
