import Slides

/// The tiles that cover an area, in row-major order.
///
/// Every tile has the same size, and every origin is a multiple of ``alignment``: a network that halves its input `k` times
/// answers alike under shifts by multiples of `2^k` only, so this makes tiles agree with each other and with the network run
/// over the whole area at once. The last tiles of a row or column are moved back so that they end where the area, rounded up
/// to the alignment, ends; what lies outside of the area (less than `alignment` pixels, right and below only) is to be
/// mirrored in. Along a side that is shorter than a tile, the tile is as long as that side, rounded up; where the network
/// takes tiles of one size only, it stays whole and the rest is mirrored in too.
public struct TileGrid: Sendable, Hashable {
    /// Size of the area that is covered, in pixels.
    public let width: Int
    public let height: Int
    public let tileWidth: Int
    public let tileHeight: Int
    /// What every tile's origin and size is a multiple of.
    public let alignment: Int
    public let columns: Int
    public let rows: Int
    /// Pixels between the origins of neighbours, but for the last ones.
    public let stride: Int

    /// The largest side of an area: row and column numbers stay within 32 bits.
    public static let maximumSide = Int(Int32.max) - 65_536

    /// - Parameters:
    ///   - tileSize: side of a square tile, in pixels.
    ///   - overlap: pixels that neighbours share, at least; rounded up so that the origins are aligned.
    ///   - alignment: total downsampling of the network, such as 16 or 32.
    ///   - shrinks: whether tiles may be smaller than `tileSize` where the area is.
    /// - Throws: `ImagingError.invalidParameter` for sizes that make no grid.
    public init(
        width: Int, height: Int, tileSize: Int, overlap: Int, alignment: Int = 32, shrinks: Bool = true
    ) throws(ImagingError) {
        for (name, side) in [("width", width), ("height", height)] where !(1...Self.maximumSide).contains(side) {
            throw .invalidParameter(name: name, reason: "\(side) is not within 1...\(Self.maximumSide)")
        }
        guard (1...1024).contains(alignment) else {
            throw .invalidParameter(name: "alignment", reason: "\(alignment) is not within 1...1024")
        }
        guard (alignment...32_768).contains(tileSize), tileSize % alignment == 0 else {
            throw .invalidParameter(
                name: "tile size", reason: "\(tileSize) is not a multiple of \(alignment) of at most 32768")
        }
        guard overlap >= 0, overlap <= tileSize - alignment else {
            throw .invalidParameter(name: "overlap", reason: "\(overlap) is not within 0...\(tileSize - alignment)")
        }
        let stride = (tileSize - overlap) / alignment * alignment
        self.width = width
        self.height = height
        self.alignment = alignment
        self.stride = stride
        tileWidth = shrinks ? min(tileSize, Self.roundedUp(width, to: alignment)) : tileSize
        tileHeight = shrinks ? min(tileSize, Self.roundedUp(height, to: alignment)) : tileSize
        columns = 1 + Self.divideRoundingUp(max(0, Self.roundedUp(width, to: alignment) - tileWidth), by: stride)
        rows = 1 + Self.divideRoundingUp(max(0, Self.roundedUp(height, to: alignment) - tileHeight), by: stride)
    }

    /// Number of tiles.
    public var count: Int { columns * rows }

    /// Where the tile lies; it may reach outside of the area, right and below only.
    ///
    /// - Precondition: `0 <= index < count`.
    public func window(of index: Int) -> PixelWindow {
        precondition((0..<count).contains(index), "no such tile")
        return PixelWindow(
            x: originX(ofColumn: index % columns), y: originY(ofRow: index / columns),
            width: tileWidth, height: tileHeight)
    }

    /// The part of the tile that lies in the area.
    public func coveredWindow(of index: Int) -> PixelWindow {
        let window = window(of: index)
        return PixelWindow(
            x: window.x, y: window.y,
            width: min(window.width, width - window.x), height: min(window.height, height - window.y))
    }

    func originX(ofColumn column: Int) -> Int {
        min(column * stride, max(0, Self.roundedUp(width, to: alignment) - tileWidth))
    }

    func originY(ofRow row: Int) -> Int {
        min(row * stride, max(0, Self.roundedUp(height, to: alignment) - tileHeight))
    }

    private static func roundedUp(_ length: Int, to multiple: Int) -> Int {
        divideRoundingUp(length, by: multiple) * multiple
    }

    private static func divideRoundingUp(_ dividend: Int, by divisor: Int) -> Int {
        (dividend + divisor - 1) / divisor
    }
}
