/// Paints regions as numbers, row by row from the top: 0 for background, `n` for the `n`-th region given. Memory is the regions'
/// runs and a row.
public struct RegionLabelRows: Sendable {
    public let width: Int
    public let height: Int
    /// All runs with their numbers, by row.
    private let runs: [(run: PixelRun, label: UInt32)]
    private var nextRun = 0
    private var nextRow = 0

    /// - Parameter regions: the first gets number 1; where regions overlap, the later one is seen. What lies outside of
    ///   `width` and `height` is left out.
    public init(width: Int, height: Int, regions: [RunLengths]) {
        precondition(width > 0 && height > 0, "an empty picture")
        self.width = width
        self.height = height
        runs = regions.enumerated().flatMap { index, region in
            region.runs.map { (run: $0, label: UInt32(index + 1)) }
        }.sorted { first, second in
            first.run.row != second.run.row ? first.run.row < second.run.row : first.label < second.label
        }
    }

    /// The next rows, at most `count`, `[rows, width]`; empty behind the last.
    public mutating func next(_ count: Int) -> [UInt32] {
        let rows = min(count, height - nextRow)
        guard rows > 0 else { return [] }
        var labels = [UInt32](repeating: 0, count: rows * width)
        while nextRun < runs.count, runs[nextRun].run.row < nextRow + rows {
            let (run, label) = runs[nextRun]
            let start = (run.row - nextRow) * width
            for x in min(run.start, width)..<min(run.end, width) { labels[start + x] = label }
            nextRun += 1
        }
        nextRow += rows
        return labels
    }
}
