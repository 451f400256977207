/// Brings the rows of a probability map to another size as they come: interpolated linearly where that is larger, averaged where
/// it is smaller. Memory is a few rows of the columns that a network looked at; the others cost nothing.
///
/// Regions are extracted from the rescaled map, so their geometry is exact in pixels of the scan's full resolution whatever
/// resolution the network worked at.
public struct ProbabilityRescaler: Sendable {
    public let width: Int
    public let height: Int
    private let sourceWidth: Int
    private let sourceHeight: Int
    private let columns: SamplingTaps
    private let rows: SamplingTaps
    /// Rows of the source, already at the new width, from `firstHeldRow`.
    private var held: [[Piece]] = []
    private var firstHeldRow = 0
    private var nextRow = 0

    /// Some neighbouring new columns of one row.
    private struct Piece: Sendable {
        let columns: Range<Int>
        let values: [Float]
    }

    /// - Precondition: all sizes are positive.
    public init(fromWidth sourceWidth: Int, fromHeight sourceHeight: Int, toWidth width: Int, toHeight height: Int) {
        precondition([sourceWidth, sourceHeight, width, height].allSatisfy { $0 > 0 }, "an empty map")
        self.width = width
        self.height = height
        self.sourceWidth = sourceWidth
        self.sourceHeight = sourceHeight
        columns = SamplingTaps(outputs: 0..<width, newLength: width, length: sourceWidth, interpolation: .linear)
        rows = SamplingTaps(outputs: 0..<height, newLength: height, length: sourceHeight, interpolation: .linear)
    }

    /// Takes the next rows of the source; returns the rows that they complete. The last band of the source completes all.
    ///
    /// - Precondition: bands come top to bottom without a gap.
    public mutating func add(_ band: ProbabilityBand) -> [ProbabilityBand] {
        precondition(band.width == sourceWidth && band.y == firstHeldRow + held.count, "a band is missing")
        if width == sourceWidth && height == sourceHeight {
            firstHeldRow += band.rows
            return [band]
        }
        let occupied = band.blocks.map { newColumns(touching: $0.columns) }.joined()
        for row in 0..<band.rows {
            held.append(occupied.map { Piece(columns: $0, values: widened(band, row: row, columns: $0)) })
        }
        var result: [ProbabilityBand] = []
        let first = nextRow
        while nextRow < height && rows.end(of: nextRow) <= firstHeldRow + held.count { nextRow += 1 }
        if nextRow > first { result.append(blended(first..<nextRow)) }
        let end = firstHeldRow + held.count
        let needed = nextRow < height ? min(rows.starts[nextRow], end) : end
        held.removeFirst(needed - firstHeldRow)
        firstHeldRow = needed
        return result
    }

    /// The new columns that any of the source's columns has a part in.
    private func newColumns(touching sources: Range<Int>) -> Range<Int> {
        let first = firstColumn { columns.end(of: $0) > sources.lowerBound }
        let end = firstColumn { columns.starts[$0] >= sources.upperBound }
        return first..<max(first, end)
    }

    /// By bisection: which source columns a new one is made of rises from left to right.
    private func firstColumn(where isBeyond: (Int) -> Bool) -> Int {
        var (low, high) = (0, width)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// One row of a band at the new width.
    private func widened(_ band: ProbabilityBand, row: Int, columns wanted: Range<Int>) -> [Float] {
        let sources = columns.starts[wanted.lowerBound]..<columns.end(of: wanted.upperBound - 1)
        var samples = [Float](repeating: 0, count: sources.count)
        for block in band.blocks {
            let shared = block.columns.clamped(to: sources)
            let start = row * block.columns.count - block.columns.lowerBound
            for column in shared { samples[column - sources.lowerBound] = block.values[start + column] }
        }
        return [Float](unsafeUninitializedCapacity: wanted.count) { buffer, initialized in
            samples.withUnsafeBufferPointer { samples in
                columns.weights.withUnsafeBufferPointer { weights in
                    for column in wanted {
                        var sum: Float = 0
                        var index = columns.starts[column] - sources.lowerBound
                        for tap in columns.offsets[column]..<columns.offsets[column + 1] {
                            sum += weights[tap] * samples[index]
                            index += 1
                        }
                        buffer[column - wanted.lowerBound] = sum
                    }
                }
            }
            initialized = wanted.count
        }
    }

    /// New rows, all of whose source rows are held.
    private func blended(_ newRows: Range<Int>) -> ProbabilityBand {
        let sources =
            rows.starts[newRows.lowerBound] - firstHeldRow..<rows.end(of: newRows.upperBound - 1) - firstHeldRow
        let blocks = held[sources].flatMap { $0.map(\.columns) }.joined().map { columns in
            ProbabilityBand.Block(
                columns: columns, values: newRows.flatMap { blended(row: $0, columns: columns) })
        }
        return ProbabilityBand(y: newRows.lowerBound, width: width, rows: newRows.count, blocks: blocks)
    }

    private func blended(row: Int, columns: Range<Int>) -> [Float] {
        var values = [Float](repeating: 0, count: columns.count)
        values.withUnsafeMutableBufferPointer { values in
            var source = rows.starts[row] - firstHeldRow
            for tap in rows.offsets[row]..<rows.offsets[row + 1] {
                let weight = rows.weights[tap]
                for piece in held[source] where piece.columns.overlaps(columns) {
                    let start = piece.columns.lowerBound - columns.lowerBound
                    piece.values.withUnsafeBufferPointer { samples in
                        for index in samples.indices { values[start + index] += weight * samples[index] }
                    }
                }
                source += 1
            }
        }
        return values
    }
}
