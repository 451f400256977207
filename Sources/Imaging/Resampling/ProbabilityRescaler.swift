/// Brings the rows of a probability map to another size as they come: interpolated linearly where that is larger, averaged where
/// it is smaller. Memory is a few rows.
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
    private var held: [[Float]] = []
    private var firstHeldRow = 0
    private var nextRow = 0

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
        for row in 0..<band.rows { held.append(widened(band, row: row)) }
        var result: [ProbabilityBand] = []
        var values: [Float] = []
        let first = nextRow
        while nextRow < height && rows.end(of: nextRow) <= firstHeldRow + held.count {
            append(row: nextRow, to: &values)
            nextRow += 1
        }
        if nextRow > first {
            result.append(ProbabilityBand(y: first, width: width, rows: nextRow - first, values: values))
        }
        let end = firstHeldRow + held.count
        let needed = nextRow < height ? min(rows.starts[nextRow], end) : end
        held.removeFirst(needed - firstHeldRow)
        firstHeldRow = needed
        return result
    }

    private func widened(_ band: ProbabilityBand, row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: width) { buffer, initialized in
            band.values.withUnsafeBufferPointer { values in
                columns.weights.withUnsafeBufferPointer { weights in
                    for column in 0..<width {
                        var sum: Float = 0
                        var index = row * sourceWidth + columns.starts[column]
                        for tap in columns.offsets[column]..<columns.offsets[column + 1] {
                            sum += weights[tap] * values[index]
                            index += 1
                        }
                        buffer[column] = sum
                    }
                }
            }
            initialized = width
        }
    }

    private func append(row: Int, to values: inout [Float]) {
        let base = values.count
        values += repeatElement(0, count: width)
        values.withUnsafeMutableBufferPointer { values in
            var source = rows.starts[row] - firstHeldRow
            for tap in rows.offsets[row]..<rows.offsets[row + 1] {
                let weight = rows.weights[tap]
                held[source].withUnsafeBufferPointer { samples in
                    for column in 0..<width { values[base + column] += weight * samples[column] }
                }
                source += 1
            }
        }
    }
}
