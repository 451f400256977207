/// Finished rows of a probability map, over the whole width of the area. Only columns that a network looked at are held: glass,
/// where the probability is 0, costs nothing.
public struct ProbabilityBand: Sendable, Hashable {
    /// Some neighbouring columns of the rows.
    public struct Block: Sendable, Hashable {
        public let columns: Range<Int>
        /// `[rows, columns.count]` in row-major order.
        public let values: [Float]

        init(columns: Range<Int>, values: [Float]) {
            self.columns = columns
            self.values = values
        }
    }

    /// The first row, in pixels of the area.
    public let y: Int
    public let width: Int
    public let rows: Int
    /// From left to right; no two touch, so a run of pixels above 0 lies within one.
    public let blocks: [Block]

    /// - Precondition: the blocks are in order, do not touch, lie within the width, and each holds `rows` rows.
    init(y: Int, width: Int, rows: Int, blocks: [Block]) {
        precondition(blocks.allSatisfy { $0.values.count == rows * $0.columns.count }, "values do not fill a block")
        precondition(
            zip(blocks, blocks.dropFirst()).allSatisfy { $0.columns.upperBound < $1.columns.lowerBound }
                && (blocks.last?.columns.upperBound ?? 0) <= width, "blocks touch or lie outside of the area")
        self.y = y
        self.width = width
        self.rows = rows
        self.blocks = blocks
    }

    /// - Parameter values: `[rows, width]` in row-major order.
    /// - Precondition: `values` holds exactly `rows * width` numbers.
    public init(y: Int, width: Int, rows: Int, values: [Float]) {
        precondition(values.count == rows * width, "values do not fill the band")
        self.init(y: y, width: width, rows: rows, blocks: [Block(columns: 0..<width, values: values)])
    }

    /// Everything, `[rows, width]`; for small maps.
    public var values: [Float] {
        if let only = blocks.first, only.columns == 0..<width { return only.values }
        var values = [Float](repeating: 0, count: rows * width)
        for block in blocks {
            let count = block.columns.count
            for row in 0..<rows {
                let start = row * width + block.columns.lowerBound
                values.replaceSubrange(start..<start + count, with: block.values[row * count..<(row + 1) * count])
            }
        }
        return values
    }
}

extension Sequence<Range<Int>> {
    /// The ranges, in any order, with those that overlap or touch made one; in order.
    func joined() -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            guard let last = joined.last, last.upperBound >= range.lowerBound else {
                joined.append(range)
                continue
            }
            joined[joined.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
        }
        return joined
    }
}
