/// A square of an image at one of its resolutions. Level 0 shows the whole image in one tile; each level further has twice
/// its resolution, and the last one is the image itself.
struct TileAddress: Sendable, Hashable {
    /// Of the file, as findings count them.
    let image: Int
    let level: Int
    let column: Int
    let row: Int
}

/// How an image is cut into tiles of one size, level by level.
struct DeepZoom: Sendable, Hashable {
    let width: Int
    let height: Int

    static let tileSide = 256

    /// The level of full resolution.
    var deepest: Int {
        var level = 0
        while max(width, height) > Self.tileSide << level { level += 1 }
        return level
    }

    /// Pixels of the image along one of a tile's; nil where there is no such tile.
    func scale(of tile: TileAddress) -> Int? {
        guard (0...deepest).contains(tile.level), tile.column >= 0, tile.row >= 0 else { return nil }
        let scale = 1 << (deepest - tile.level)
        let side = Self.tileSide * scale
        guard tile.column <= (width - 1) / side, tile.row <= (height - 1) / side else { return nil }
        return scale
    }
}
