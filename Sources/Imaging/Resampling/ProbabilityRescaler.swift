/// Brings a probability map to another size while it streams: linear where it grows, the mean where it shrinks. Regions are cut
/// from the result, so that their geometry is exact in pixels of the scan's full resolution whatever
/// resolution the network worked at.
public struct ProbabilityRescaler: Sendable {
    public let width: Int
    public let height: Int
    private let sourceWidth: Int
    private let sourceHeight: Int
    private let columns: SamplingTaps
    private let rows: SamplingTaps
    private var band = Band()
    /// The last rows of the band above that new rows of this one need, at the new width.
    private var above: [[Float]] = []

    /// Rows of the source that come in from left to right.
    private struct Band {
        var sources = 0..<0
        /// The rows that they complete.
        var newRows = 0..<0
        /// The first new column that is not complete.
        var nextColumn = 0
        /// The last columns of the source that it is made of, `[sources, carriedColumns]`; nil where all are 0.
        var carriedColumns = 0..<0
        var carried: [Float]?
        /// The last rows, at the new width, that the next band needs.
        var below: [[Float]] = []
    }

    /// New pixels that are handed out at once, at most (about).
    private static let pixelsPerBlock = 1 << 18

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

    /// Takes the next block of the source, and hands out what it completes. The last block of the source completes all.
    ///
    /// - Precondition: blocks come in order, those side by side of the same rows, without a gap.
    public mutating func add<Failure: Error>(
        _ block: ProbabilityBlock, emit: (ProbabilityBlock) throws(Failure) -> Void
    ) throws(Failure) {
        if width == sourceWidth && height == sourceHeight { return try emit(block) }
        if block.columns.lowerBound == 0 { begin(block.rows) }
        precondition(
            block.rows == band.sources && block.columns.lowerBound == band.carriedColumns.upperBound,
            "a block is missing")
        let sources = band.carriedColumns.lowerBound..<block.columns.upperBound
        let samples = joined(block, sources)
        let newColumns = band.nextColumn..<firstColumn(endingBehind: sources.upperBound)
        carry(samples, of: block, sources, from: newColumns.upperBound)
        let widened = samples.map { widen($0, sources, to: newColumns) }
        if let widened { keep(widened, newColumns) }
        if newColumns.isEmpty || band.newRows.isEmpty { return }
        if widened == nil && above.allSatisfy({ $0[newColumns].allSatisfy { $0 == 0 } }) {
            return try emit(ProbabilityBlock(rows: band.newRows, columns: newColumns, values: nil))
        }
        let rowsPerBlock = max(1, Self.pixelsPerBlock / newColumns.count)
        for first in stride(from: band.newRows.lowerBound, to: band.newRows.upperBound, by: rowsPerBlock) {
            let newRows = first..<min(first + rowsPerBlock, band.newRows.upperBound)
            try emit(
                ProbabilityBlock(
                    rows: newRows, columns: newColumns,
                    values: newRows.flatMap { blended(row: $0, widened, columns: newColumns) }))
        }
    }

    private mutating func begin(_ sources: Range<Int>) {
        precondition(sources.lowerBound == band.sources.upperBound, "a band is missing")
        above = band.below
        let first = band.newRows.upperBound
        var end = first
        while end < height && rows.end(of: end) <= sources.upperBound { end += 1 }
        band = Band(sources: sources, newRows: first..<end)
        let firstNeeded = end < height ? min(rows.starts[end], sources.upperBound) : sources.upperBound
        let firstAbove = sources.lowerBound - above.count
        band.below = (firstNeeded..<sources.upperBound).map { row in
            row < sources.lowerBound ? above[row - firstAbove] : [Float](repeating: 0, count: width)
        }
    }

    /// What was carried and the block, side by side: `[sources, columns]`; nil where all are 0.
    private func joined(_ block: ProbabilityBlock, _ columns: Range<Int>) -> [Float]? {
        if block.values == nil && band.carried == nil { return nil }
        var samples = [Float](repeating: 0, count: block.rows.count * columns.count)
        for (values, part) in [(band.carried, band.carriedColumns), (block.values, block.columns)] {
            guard let values else { continue }
            for row in 0..<block.rows.count {
                let start = row * columns.count + part.lowerBound - columns.lowerBound
                samples.replaceSubrange(
                    start..<start + part.count, with: values[row * part.count..<(row + 1) * part.count])
            }
        }
        return samples
    }

    /// Sets aside the last columns, those that new columns from `next` on need.
    private mutating func carry(
        _ samples: [Float]?, of block: ProbabilityBlock, _ sources: Range<Int>, from next: Int
    ) {
        let end = sources.upperBound
        let kept = (next < width ? min(columns.starts[next], end) : end)..<end
        band.nextColumn = next
        band.carriedColumns = kept
        let isGlass = block.values == nil && kept.lowerBound >= block.columns.lowerBound
        band.carried =
            isGlass
            ? nil
            : samples.map { samples in
                (0..<block.rows.count).flatMap { row in
                    samples[(row + 1) * sources.count - kept.count..<(row + 1) * sources.count]
                }
            }
    }

    /// Sets aside the last rows, those that the next band needs.
    private mutating func keep(_ widened: [Float], _ newColumns: Range<Int>) {
        let rows = min(band.below.count, band.sources.count)
        for row in 0..<rows {
            let start = (band.sources.count - rows + row) * newColumns.count
            band.below[band.below.count - rows + row].replaceSubrange(
                newColumns, with: widened[start..<start + newColumns.count])
        }
    }

    /// The first new column that needs a source column from `end` on; by bisection, for they rise from left to right.
    private func firstColumn(endingBehind end: Int) -> Int {
        var (low, high) = (band.nextColumn, width)
        while low < high {
            let middle = (low + high) / 2
            if columns.end(of: middle) > end { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The rows of the band at the new width, `[sources, newColumns]`.
    private func widen(_ samples: [Float], _ sources: Range<Int>, to newColumns: Range<Int>) -> [Float] {
        let count = band.sources.count * newColumns.count
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            samples.withUnsafeBufferPointer { samples in
                columns.weights.withUnsafeBufferPointer { weights in
                    var target = 0
                    for row in 0..<band.sources.count {
                        let first = row * sources.count - sources.lowerBound
                        for column in newColumns {
                            var sum: Float = 0
                            var index = first + columns.starts[column]
                            for tap in columns.offsets[column]..<columns.offsets[column + 1] {
                                sum += weights[tap] * samples[index]
                                index += 1
                            }
                            buffer[target] = sum
                            target += 1
                        }
                    }
                }
            }
            initialized = count
        }
    }

    /// A new row, of rows of the band and above it; those of the band are 0 where `widened` is nil.
    private func blended(row: Int, _ widened: [Float]?, columns: Range<Int>) -> [Float] {
        var values = [Float](repeating: 0, count: columns.count)
        var source = rows.starts[row] - band.sources.lowerBound
        for tap in rows.offsets[row]..<rows.offsets[row + 1] {
            if source < 0 {
                Self.add(above[above.count + source][columns], weight: rows.weights[tap], to: &values)
            } else if let widened {
                let start = source * columns.count
                Self.add(widened[start..<start + columns.count], weight: rows.weights[tap], to: &values)
            }
            source += 1
        }
        return values
    }

    private static func add(_ samples: ArraySlice<Float>, weight: Float, to values: inout [Float]) {
        samples.withUnsafeBufferPointer { samples in
            values.withUnsafeMutableBufferPointer { values in
                for index in samples.indices { values[index] += weight * samples[index] }
            }
        }
    }
}
