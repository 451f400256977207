/// Blends the overlapping probabilities of a grid's tiles into one map without seams, and hands out its rows as soon as no
/// later tile touches them.
///
/// Where tiles overlap, the result is their mean weighted by ``GaussianWindow``. Tiles may arrive in any order: they are
/// summed in tile order, so that the result has the same bits whatever thread computed which tile. Memory is one row of tiles
/// over the columns that a network looked at, plus the tiles that arrived early: it grows with the tissue that lies side by side,
/// not with the glass around it.
public struct ProbabilityStitcher: Sendable {
    public let grid: TileGrid
    /// Rows in a band that is handed out, at most.
    public let rowsPerBand: Int

    /// What a row of tiles weighs in each column of the area: its own tiles only, for some are left out.
    private struct TileRow {
        let y: Int
        var columnWeights: [Float]
    }

    /// Weighted sums of `stripWidth` neighbouring columns.
    private struct Strip {
        /// `[tileHeight, stripWidth]`; the first row is row `top` of the area.
        var sums: [Float]
        /// Behind the last row that a tile reached.
        var endY: Int
    }

    private static let stripWidth = 256

    private let horizontalWeights: [Float]
    private let verticalWeights: [Float]
    /// From left to right; nil where no tile reaches into the rows at hand.
    private var strips: [Strip?]
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
        strips = Array(repeating: nil, count: (grid.width + Self.stripWidth - 1) / Self.stripWidth)
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
        let columns = window.x..<window.endX
        for strip in window.x / Self.stripWidth...(window.endX - 1) / Self.stripWidth {
            let first = strip * Self.stripWidth
            add(values, at: window, columns: columns.clamped(to: first..<first + Self.stripWidth), to: strip)
        }
        tileRows[tileRows.count - 1].columnWeights.withUnsafeMutableBufferPointer { weights in
            for column in 0..<window.width { weights[window.x + column] += horizontalWeights[column] }
        }
    }

    /// Adds the part of a tile that lies in a strip.
    private mutating func add(_ values: [Float], at window: PixelWindow, columns: Range<Int>, to strip: Int) {
        if strips[strip] == nil {
            strips[strip] = Strip(
                sums: [Float](repeating: 0, count: grid.tileHeight * Self.stripWidth), endY: window.endY)
        }
        strips[strip]?.endY = window.endY
        let tileWidth = grid.tileWidth
        let firstSum = (window.y - top) * Self.stripWidth + columns.lowerBound - strip * Self.stripWidth
        let firstColumn = columns.lowerBound - window.x
        values.withUnsafeBufferPointer { values in
            horizontalWeights.withUnsafeBufferPointer { horizontal in
                strips[strip]?.sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<window.height {
                        let vertical = verticalWeights[row]
                        let source = row * tileWidth + firstColumn
                        let target = firstSum + row * Self.stripWidth
                        for column in 0..<columns.count {
                            sums[target + column] +=
                                vertical * horizontal[firstColumn + column] * values[source + column]
                        }
                    }
                }
            }
        }
    }

    private mutating func emitRows<Failure: Error>(
        upTo end: Int, emit: (ProbabilityBand) throws(Failure) -> Void
    ) throws(Failure) {
        let occupied = strips.indices.filter { strips[$0] != nil }.map { strip in
            strip * Self.stripWidth..<min((strip + 1) * Self.stripWidth, grid.width)
        }.joined()
        var y = top
        while y < end {
            let rows = min(rowsPerBand, end - y)
            let blocks = occupied.map { columns in
                ProbabilityBand.Block(columns: columns, values: normalised(columns, from: y, rows: rows))
            }
            try emit(ProbabilityBand(y: y, width: grid.width, rows: rows, blocks: blocks))
            y += rows
        }
        moveStrips(upBy: end - top)
        top = end
        tileRows.removeAll { $0.y + grid.tileHeight <= end }
    }

    /// Drops the first rows of the strips, and those strips that no tile of a later row reaches.
    private mutating func moveStrips(upBy rows: Int) {
        let kept = max(0, grid.tileHeight - rows) * Self.stripWidth
        for strip in strips.indices {
            guard let endY = strips[strip]?.endY else { continue }
            if endY <= top + rows {
                strips[strip] = nil
                continue
            }
            strips[strip]?.sums.withUnsafeMutableBufferPointer { sums in
                for index in 0..<kept { sums[index] = sums[index + rows * Self.stripWidth] }
                sums[kept...].update(repeating: 0)
            }
        }
    }

    /// The weighted means of some columns of rows `y..<y + rows`; the weights of a grid are a product of one for the row and
    /// one for the column, so no plane of weights is kept.
    private func normalised(_ columns: Range<Int>, from y: Int, rows: Int) -> [Float] {
        let count = columns.count
        return [Float](unsafeUninitializedCapacity: rows * count) { values, initialized in
            var weights = [Float](repeating: 0, count: count)
            weights.withUnsafeMutableBufferPointer { weights in
                for row in 0..<rows {
                    weights.update(repeating: 0)
                    for tileRow in tileRows where (tileRow.y..<tileRow.y + grid.tileHeight).contains(y + row) {
                        let vertical = verticalWeights[y + row - tileRow.y]
                        tileRow.columnWeights.withUnsafeBufferPointer { tileColumns in
                            for column in 0..<count {
                                weights[column] += vertical * tileColumns[columns.lowerBound + column]
                            }
                        }
                    }
                    for start in stride(from: columns.lowerBound, to: columns.upperBound, by: Self.stripWidth) {
                        let first = (y - top + row) * Self.stripWidth
                        let length = min(Self.stripWidth, columns.upperBound - start)
                        let target = start - columns.lowerBound
                        strips[start / Self.stripWidth]?.sums.withUnsafeBufferPointer { sums in
                            for column in 0..<length {
                                let weight = weights[target + column]
                                values[row * count + target + column] =
                                    weight > 0 ? sums[first + column] / weight : 0
                            }
                        }
                    }
                }
            }
            initialized = rows * count
        }
    }
}
