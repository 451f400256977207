/// Blends the overlapping probabilities of a grid's tiles into one map without seams, and hands out its rows as soon as no
/// later tile touches them.
///
/// Where tiles overlap, the result is their mean weighted by ``GaussianWindow``. Tiles may arrive in any order: they are
/// summed in tile order, so that the result has the same bits whatever thread computed which tile. Memory is one row of tiles
/// over the width of the area, plus the tiles that arrived early.
public struct ProbabilityStitcher: Sendable {
    public let grid: TileGrid
    /// Rows in a band that is handed out, at most.
    public let rowsPerBand: Int

    /// What a row of tiles weighs in each column of the area: its own tiles only, for some are left out.
    private struct TileRow {
        let y: Int
        var columnWeights: [Float]
    }

    private let horizontalWeights: [Float]
    private let verticalWeights: [Float]
    /// Weighted sums `[tileHeight, width]`; the first row is row `top` of the area.
    private var sums: [Float]
    private var top = 0
    private var tileRows: [TileRow] = []
    private var nextTile = 0
    private var early: [Int: [Float]?] = [:]

    public init(grid: TileGrid, rowsPerBand: Int = 16) {
        precondition(rowsPerBand > 0, "a band has at least one row")
        self.grid = grid
        self.rowsPerBand = rowsPerBand
        horizontalWeights = GaussianWindow.weights(length: grid.tileWidth)
        verticalWeights = GaussianWindow.weights(length: grid.tileHeight)
        sums = [Float](repeating: 0, count: grid.tileHeight * grid.width)
    }

    /// Whether every tile has been added, and so every row been handed out.
    public var isComplete: Bool { nextTile == grid.count }

    /// Tiles that arrived before their turn and are held; whoever feeds the stitcher bounds it by the tiles in flight.
    public var earlyTileCount: Int { early.count }

    /// Adds a tile, and hands out the bands that it completes, top to bottom.
    ///
    /// - Parameters:
    ///   - probabilities: `[tileHeight, tileWidth]`, or nil for a tile that was left out for want of tissue: it has no say
    ///     where others overlap it, and what only such tiles cover has the probability 0.
    ///   - tile: the tile's index in the grid.
    /// - Precondition: the tile has not been added before.
    public mutating func add<Failure: Error>(
        _ probabilities: [Float]?, tile: Int, emit: (ProbabilityBand) throws(Failure) -> Void
    ) throws(Failure) {
        precondition((nextTile..<grid.count).contains(tile) && early[tile] == nil, "tile \(tile) was added before")
        precondition(
            probabilities.map { $0.count == grid.tileWidth * grid.tileHeight } ?? true, "values do not fill the tile")
        early.updateValue(probabilities, forKey: tile)
        while let next = early.removeValue(forKey: nextTile) {
            let column = nextTile % grid.columns
            let row = nextTile / grid.columns
            if column == 0 {
                tileRows.append(
                    TileRow(y: grid.originY(ofRow: row), columnWeights: [Float](repeating: 0, count: grid.width)))
            }
            if let values = next { accumulate(values, at: grid.coveredWindow(of: nextTile)) }
            nextTile += 1
            if column == grid.columns - 1 {
                let end = row == grid.rows - 1 ? grid.height : grid.originY(ofRow: row + 1)
                try emitRows(upTo: end, emit: emit)
            }
        }
    }

    private mutating func accumulate(_ values: [Float], at window: PixelWindow) {
        let tileWidth = grid.tileWidth
        let firstSum = (window.y - top) * grid.width + window.x
        values.withUnsafeBufferPointer { values in
            horizontalWeights.withUnsafeBufferPointer { horizontal in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<window.height {
                        let vertical = verticalWeights[row]
                        let source = row * tileWidth
                        let target = firstSum + row * grid.width
                        for column in 0..<window.width {
                            sums[target + column] += vertical * horizontal[column] * values[source + column]
                        }
                    }
                }
                tileRows[tileRows.count - 1].columnWeights.withUnsafeMutableBufferPointer { weights in
                    for column in 0..<window.width { weights[window.x + column] += horizontal[column] }
                }
            }
        }
    }

    private mutating func emitRows<Failure: Error>(
        upTo end: Int, emit: (ProbabilityBand) throws(Failure) -> Void
    ) throws(Failure) {
        var y = top
        while y < end {
            let rows = min(rowsPerBand, end - y)
            try emit(ProbabilityBand(y: y, width: grid.width, rows: rows, values: normalised(from: y, rows: rows)))
            y += rows
        }
        let emitted = end - top
        let kept = max(0, grid.tileHeight - emitted) * grid.width
        sums.withUnsafeMutableBufferPointer { sums in
            for index in 0..<kept { sums[index] = sums[index + emitted * grid.width] }
            sums[kept...].update(repeating: 0)
        }
        top = end
        tileRows.removeAll { $0.y + grid.tileHeight <= end }
    }

    /// The weighted means of rows `y..<y + rows`; the weights of a grid are a product of one for the row and one for the
    /// column, so no plane of weights is kept.
    private func normalised(from y: Int, rows: Int) -> [Float] {
        let width = grid.width
        return [Float](unsafeUninitializedCapacity: rows * width) { values, initialized in
            var weights = [Float](repeating: 0, count: width)
            weights.withUnsafeMutableBufferPointer { weights in
                for row in 0..<rows {
                    weights.update(repeating: 0)
                    for tileRow in tileRows where (tileRow.y..<tileRow.y + grid.tileHeight).contains(y + row) {
                        let vertical = verticalWeights[y + row - tileRow.y]
                        tileRow.columnWeights.withUnsafeBufferPointer { columns in
                            for column in 0..<width { weights[column] += vertical * columns[column] }
                        }
                    }
                    let first = (y - top + row) * width
                    sums.withUnsafeBufferPointer { sums in
                        for column in 0..<width {
                            let weight = weights[column]
                            values[row * width + column] = weight > 0 ? sums[first + column] / weight : 0
                        }
                    }
                }
            }
            initialized = rows * width
        }
    }
}
