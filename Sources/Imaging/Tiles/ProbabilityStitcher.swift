import Slides

/// Blends the overlapping probabilities of a grid's tiles into one map without seams, and hands out its pixels as soon as no
/// later tile touches them.
///
/// Where tiles overlap, the result is their mean weighted by ``GaussianWindow``. Tiles may arrive in any order: they are
/// summed in tile order, so that the result has the same bits whatever thread computed which tile. Memory is what the tiles of
/// one row share with the next, over the columns that a network looked at, plus the tiles that arrived early.
public struct ProbabilityStitcher: Sendable {
    public let grid: TileGrid

    /// What a row of tiles weighs in each column of the area: its own tiles only, for some are left out.
    private struct TileRow {
        let y: Int
        var columnWeights: [Float]
    }

    /// Weighted sums of the columns from the origin of one column of tiles to that of the next.
    private struct Strip {
        let columns: Range<Int>
        /// `[rows, columns]`, from row `top` of the area down to the last that a tile reached.
        var sums: [Float] = []
    }

    private let horizontalWeights: [Float]
    private let verticalWeights: [Float]
    /// From left to right.
    private var strips: [Strip]
    private var top = 0
    private var tileRows: [TileRow] = []
    private var nextTile = 0
    private var early: [Int: [Float]?] = [:]

    public init(grid: TileGrid) {
        self.grid = grid
        horizontalWeights = GaussianWindow.weights(length: grid.tileWidth)
        verticalWeights = GaussianWindow.weights(length: grid.tileHeight)
        strips = (0..<grid.columns).map { column in
            let end = column == grid.columns - 1 ? grid.width : grid.originX(ofColumn: column + 1)
            return Strip(columns: grid.originX(ofColumn: column)..<end)
        }
    }

    /// Whether every tile has been added, and so every pixel been handed out.
    public var isComplete: Bool { nextTile == grid.count }

    /// Tiles that arrived before their turn and are held; whoever feeds the stitcher bounds it by the tiles in flight.
    public var earlyTileCount: Int { early.count }

    /// Adds a tile, and hands out the blocks that it completes, one for each tile, in tile order.
    ///
    /// - Parameters:
    ///   - probabilities: `[tileHeight, tileWidth]`, or nil for a tile that was left out for want of tissue: it has no say
    ///     where others overlap it, and what only such tiles cover has the probability 0.
    ///   - tile: the tile's index in the grid.
    /// - Precondition: the tile has not been added before.
    public mutating func add<Failure: Error>(
        _ probabilities: [Float]?, tile: Int, emit: (ProbabilityBlock) throws(Failure) -> Void
    ) throws(Failure) {
        precondition((nextTile..<grid.count).contains(tile) && early[tile] == nil, "tile \(tile) was added before")
        precondition(
            probabilities.map { $0.count == grid.tileWidth * grid.tileHeight } ?? true, "values do not fill the tile")
        early.updateValue(probabilities, forKey: tile)
        while let next = early.removeValue(forKey: nextTile) {
            let (row, column) = nextTile.quotientAndRemainder(dividingBy: grid.columns)
            if column == 0 { beginRow(row) }
            if let values = next { accumulate(values, at: grid.coveredWindow(of: nextTile), column: column) }
            nextTile += 1
            // No later tile of this row reaches back to this column, and none of the next row up to these rows.
            try emit(finishedBlock(column, upTo: row == grid.rows - 1 ? grid.height : grid.originY(ofRow: row + 1)))
        }
    }

    private mutating func beginRow(_ row: Int) {
        top = grid.originY(ofRow: row)
        tileRows.removeAll { $0.y + grid.tileHeight <= top }
        tileRows.append(TileRow(y: top, columnWeights: [Float](repeating: 0, count: grid.width)))
    }

    private mutating func accumulate(_ values: [Float], at window: PixelWindow, column: Int) {
        for strip in column..<strips.count where strips[strip].columns.lowerBound < window.endX {
            add(values, at: window, to: strip)
        }
        tileRows[tileRows.count - 1].columnWeights.withUnsafeMutableBufferPointer { weights in
            for column in 0..<window.width { weights[window.x + column] += horizontalWeights[column] }
        }
    }

    /// Adds the part of a tile that lies in a strip.
    private mutating func add(_ values: [Float], at window: PixelWindow, to strip: Int) {
        let stripColumns = strips[strip].columns
        let columns = stripColumns.clamped(to: window.x..<window.endX)
        let missing = window.height * stripColumns.count - strips[strip].sums.count
        if missing > 0 { strips[strip].sums += repeatElement(0, count: missing) }
        let tileWidth = grid.tileWidth
        let firstColumn = columns.lowerBound - window.x
        values.withUnsafeBufferPointer { values in
            horizontalWeights.withUnsafeBufferPointer { horizontal in
                strips[strip].sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<window.height {
                        let vertical = verticalWeights[row]
                        let source = row * tileWidth + firstColumn
                        let target = row * stripColumns.count + columns.lowerBound - stripColumns.lowerBound
                        for column in 0..<columns.count {
                            sums[target + column] +=
                                vertical * horizontal[firstColumn + column] * values[source + column]
                        }
                    }
                }
            }
        }
    }

    /// The rows of a strip that are finished; what reaches into the next row of tiles stays.
    private mutating func finishedBlock(_ strip: Int, upTo end: Int) -> ProbabilityBlock {
        let columns = strips[strip].columns
        let sums = strips[strip].sums
        guard !sums.isEmpty else { return ProbabilityBlock(rows: top..<end, columns: columns, values: nil) }
        strips[strip].sums = Array(sums.dropFirst((end - top) * columns.count))
        return ProbabilityBlock(rows: top..<end, columns: columns, values: normalised(sums, columns, upTo: end))
    }

    /// The weighted means of some columns of rows `top..<end`; the weights of a grid are a product of one for the row and
    /// one for the column, so no plane of weights is kept.
    private func normalised(_ sums: [Float], _ columns: Range<Int>, upTo end: Int) -> [Float] {
        let width = columns.count
        let count = (end - top) * width
        // Below these no tile reached.
        let rows = min(end - top, sums.count / width)
        return [Float](unsafeUninitializedCapacity: count) { values, initialized in
            var weights = [Float](repeating: 0, count: width)
            sums.withUnsafeBufferPointer { sums in
                weights.withUnsafeMutableBufferPointer { weights in
                    for row in 0..<rows {
                        weights.update(repeating: 0)
                        for tileRow in tileRows where tileRow.y + grid.tileHeight > top + row {
                            let vertical = verticalWeights[top + row - tileRow.y]
                            tileRow.columnWeights.withUnsafeBufferPointer { tileColumns in
                                for column in 0..<width {
                                    weights[column] += vertical * tileColumns[columns.lowerBound + column]
                                }
                            }
                        }
                        for column in 0..<width {
                            let weight = weights[column]
                            values[row * width + column] = weight > 0 ? sums[row * width + column] / weight : 0
                        }
                    }
                }
            }
            UnsafeMutableBufferPointer(rebasing: values[(rows * width)...]).initialize(repeating: 0)
            initialized = count
        }
    }
}
