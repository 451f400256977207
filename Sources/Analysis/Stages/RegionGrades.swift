import Imaging
import Slides

/// Which part of each region lies in which tile, and so whose grade counts how much for it.
package struct RegionGrades: Sendable {
    /// A region's pixels in one tile.
    package struct Share: Sendable {
        let tile: Int
        let pixels: Int
    }

    /// For each tile that a region touches, how many pixels of regions lie in it.
    package private(set) var markedPixels: [Int: Int] = [:]
    private let columns: Int
    private let columnSpans: TileSpans
    private let rowSpans: TileSpans

    /// - Parameters:
    ///   - grid: of the tiles that are graded.
    ///   - fullWindow: the window of level 0 that a window of the grid's area shows.
    package init(grid: TileGrid, fullWindow: (PixelWindow) -> PixelWindow) {
        columns = grid.columns
        columnSpans = TileSpans(
            (0..<grid.columns).map { column in
                let window = fullWindow(grid.coveredWindow(of: column))
                return window.x..<window.x + window.width
            })
        rowSpans = TileSpans(
            (0..<grid.rows).map { row in
                let window = fullWindow(grid.coveredWindow(of: row * grid.columns))
                return window.y..<window.y + window.height
            })
    }

    /// Counts a region in.
    ///
    /// - Parameter region: its pixels, of level 0.
    /// - Returns: the tiles that it touches, in their order.
    @discardableResult
    package mutating func add(_ region: RunLengths) -> [Share] {
        var pixels: [Int: Int] = [:]
        for run in region.runs {
            for (row, _) in rowSpans.overlaps(with: run.row..<run.row + 1) {
                for (column, overlap) in columnSpans.overlaps(with: run.start..<run.end) {
                    pixels[row * columns + column, default: 0] += overlap
                }
            }
        }
        for (tile, count) in pixels { markedPixels[tile, default: 0] += count }
        return pixels.map { Share(tile: $0.key, pixels: $0.value) }.sorted { $0.tile < $1.tile }
    }

    /// The weighted mean of vectors of one length; nil where there is none, or all weights are 0.
    package static func weightedMean(_ weighted: [(vector: [Double], weight: Double)]) -> [Double]? {
        guard let first = weighted.first else { return nil }
        // A mean of one is that one, to the last bit.
        if weighted.count == 1 { return first.weight > 0 ? first.vector : nil }
        let length = first.vector.count
        var sum = [Double](repeating: 0, count: length)
        var total = 0.0
        for (vector, weight) in weighted {
            for index in 0..<length { sum[index] += vector[index] * weight }
            total += weight
        }
        return total > 0 ? sum.map { $0 / total } : nil
    }
}

/// Where a grid's tiles lie along one axis, in ascending order of both ends.
private struct TileSpans: Sendable {
    let spans: [Range<Int>]

    init(_ spans: [Range<Int>]) { self.spans = spans }

    /// The spans that share positions with `range`, and how many.
    func overlaps(with range: Range<Int>) -> [(index: Int, count: Int)] {
        var overlaps: [(Int, Int)] = []
        var index = firstSpan(endingAfter: range.lowerBound)
        while index < spans.count, spans[index].lowerBound < range.upperBound {
            let count = spans[index].clamped(to: range).count
            if count > 0 { overlaps.append((index, count)) }
            index += 1
        }
        return overlaps
    }

    /// By bisection.
    private func firstSpan(endingAfter position: Int) -> Int {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].upperBound > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
