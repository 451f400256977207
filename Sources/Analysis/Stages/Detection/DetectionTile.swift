import Imaging
import Slides

/// A tile as a decoder of objects sees it: where it lies, and which places in it are its own.
struct DetectionTile: Sendable {
    /// In pixels that the network sees, as all that follows; it may reach outside of the scan, right and below.
    let window: PixelWindow
    /// Objects whose place lies here are this tile's: what it shares with a neighbour is halved between them, up to a strip on
    /// either side that both look at, for networks that put an object a little otherwise in one tile than in the other. What both
    /// find there is one object to the suppression.
    let columns: Range<Float>
    let rows: Range<Float>
    /// How far an object may reach from its place: none is larger than two tiles.
    let reach: Float
    let scanWidth: Int
    let scanHeight: Int

    /// Whether a box reaches out of the tile, where the scan goes on.
    func cuts(_ bounds: ObjectCandidate.Bounds) -> Bool {
        (window.x > 0 && bounds.left < Float(window.x)) || (window.y > 0 && bounds.top < Float(window.y))
            || (window.x + window.width < scanWidth && bounds.right > Float(window.x + window.width))
            || (window.y + window.height < scanHeight && bounds.bottom > Float(window.y + window.height))
    }
}

/// Which places of a scan belong to which tile.
struct DetectionTiles: Sendable {
    let grid: TileGrid
    private let columns: [Range<Float>]
    private let rows: [Range<Float>]
    /// How far an object may reach from its place.
    let reach: Float

    /// - Parameter shared: pixels on either side of a border that both tiles look at.
    init(_ grid: TileGrid, shared: Int) {
        self.grid = grid
        reach = Float(max(grid.tileWidth, grid.tileHeight))
        func parts(_ starts: [Int], length: Int, end: Int) -> [Range<Float>] {
            // On the borders of cells of any size, so that each cell is one tile's.
            let borders = zip(starts, starts.dropFirst()).map {
                ($0 + length + $1) / 2 / grid.alignment * grid.alignment
            }
            return starts.indices.map { index in
                let first = index == 0 ? 0 : borders[index - 1] - shared
                let last = index == borders.count ? end : borders[index] + shared
                return Float(first)..<Float(max(first, last))
            }
        }
        columns = parts(
            (0..<grid.columns).map { grid.window(of: $0).x }, length: grid.tileWidth, end: grid.width)
        rows = parts(
            (0..<grid.rows).map { grid.window(of: $0 * grid.columns).y }, length: grid.tileHeight, end: grid.height)
    }

    func tile(_ index: Int) -> DetectionTile {
        DetectionTile(
            window: grid.window(of: index), columns: columns[index % grid.columns], rows: rows[index / grid.columns],
            reach: reach, scanWidth: grid.width, scanHeight: grid.height)
    }

    /// The row above which no tile after this one finds anything; nil within a row of tiles.
    func completeRow(after tile: Int) -> Float? {
        guard (tile + 1) % grid.columns == 0 else { return nil }
        let row = tile / grid.columns + 1
        return row < grid.rows ? rows[row].lowerBound : .infinity
    }
}
