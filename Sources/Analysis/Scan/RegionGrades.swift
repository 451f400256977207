import Imaging

/// Which part of each region lies in which tile, and so whose grade counts how much for it.
package struct RegionGrades {
    /// A region's pixels in one tile.
    struct Share {
        let tile: Int
        let pixels: Int
    }

    /// For each region, the tiles that it touches.
    let shares: [[Share]]
    /// For each tile that a region touches, how many pixels of regions lie in it.
    package let markedPixels: [Int: Int]

    /// - Parameters:
    ///   - regions: in pixels of level 0.
    ///   - windows: the tiles in pixels of level 0, by their index in a grid of `columns` columns.
    package init(regions: [Region], columns: Int, windows: [PixelWindow]) {
        let columnSpans = TileSpans(windows.prefix(columns).map { $0.x..<$0.x + $0.width })
        let rowSpans = TileSpans(
            stride(from: 0, to: windows.count, by: columns).map { index in
                windows[index].y..<windows[index].y + windows[index].height
            })
        var marked: [Int: Int] = [:]
        shares = regions.map { region in
            var pixels: [Int: Int] = [:]
            for run in region.pixels.runs {
                for (row, _) in rowSpans.overlaps(with: run.row..<run.row + 1) {
                    for (column, overlap) in columnSpans.overlaps(with: run.start..<run.end) {
                        pixels[row * columns + column, default: 0] += overlap
                    }
                }
            }
            for (tile, count) in pixels { marked[tile, default: 0] += count }
            return pixels.map { Share(tile: $0.key, pixels: $0.value) }.sorted { $0.tile < $1.tile }
        }
        markedPixels = marked
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
private struct TileSpans {
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
