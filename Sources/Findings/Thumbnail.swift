import FoundationEssentials

/// A small picture of a scan, which reports show when the scan itself is in cold storage.
public struct Thumbnail: Sendable, Hashable {
    /// Which of the file's images, from 0.
    public private(set) var image: Int
    public let width: Int
    public let height: Int
    /// The file.
    public let jpeg: Data

    /// Pixels of its longer side, at most.
    public static let longestSide = 1_024
    /// Bytes, at most.
    public static let largestFile = 1 << 20

    /// - Returns: nil for what is no JPEG of such a size.
    public init?(image: Int = 0, width: Int, height: Int, jpeg: Data) {
        let sides = 1...Self.longestSide
        guard image >= 0, sides.contains(width), sides.contains(height), jpeg.count <= Self.largestFile,
            jpeg.starts(with: [0xFF, 0xD8, 0xFF])
        else { return nil }
        self.image = image
        self.width = width
        self.height = height
        self.jpeg = jpeg
    }

    func placed(inImage image: Int) -> Thumbnail {
        var placed = self
        placed.image = image
        return placed
    }
}
