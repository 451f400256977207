import FoundationEssentials

/// What a classification stage thought of each tile that it graded: each class' probability in 255 steps.
public struct HeatMap: Sendable, Hashable {
    /// Which of the file's images, from 0.
    public private(set) var image: Int
    /// The stage's name.
    public let stage: String
    /// In the network's order.
    public let classes: [String]
    /// What each column of tiles answers for, in level-0 pixels; neighbours may overlap.
    public let columns: [Range<Int>]
    /// Likewise each row.
    public let rows: [Range<Int>]
    /// A bit a tile in row-major order, the lowest of a byte first: whether it was graded.
    public let graded: Data
    /// `[graded tiles, classes]`: the calibrated probability times 255, rounded.
    public let levels: Data

    /// Of an encoded map, at most: a scan of 10 gigapixels has a fifth of it. Larger ones are not kept.
    public static let largest = 8 << 20

    /// - Returns: nil for parts that do not fit each other.
    public init?(
        image: Int = 0, stage: String, classes: [String], columns: [Range<Int>], rows: [Range<Int>], graded: Data,
        levels: Data
    ) {
        let (count, isTooLarge) = columns.count.multipliedReportingOverflow(by: rows.count)
        guard image >= 0, !classes.isEmpty, !isTooLarge, count > 0, graded.count == (count + 7) / 8,
            graded.count + levels.count <= Self.largest,
            (columns + rows).allSatisfy({ $0.lowerBound >= 0 && !$0.isEmpty }),
            levels.count == classes.count * graded.reduce(0, { $0 + $1.nonzeroBitCount })
        else { return nil }
        // No bit behind the last tile.
        if count % 8 != 0, let last = graded.last, last >> (count % 8) != 0 { return nil }
        self.image = image
        self.stage = stage
        self.classes = classes
        self.columns = columns
        self.rows = rows
        self.graded = graded
        self.levels = levels
    }

    /// - Parameter probabilities: of a tile, by its number in row-major order: each class'; nil where it was not graded.
    /// - Returns: nil for what would be too large.
    public init?(
        stage: String, classes: [String], columns: [Range<Int>], rows: [Range<Int>],
        probabilities: (Int) -> [Double]?
    ) {
        let (count, isTooLarge) = columns.count.multipliedReportingOverflow(by: rows.count)
        guard !isTooLarge, count / 8 < Self.largest else { return nil }
        var graded = Data(repeating: 0, count: (count + 7) / 8)
        var levels = Data()
        for tile in 0..<count {
            guard let probabilities = probabilities(tile) else { continue }
            graded[tile / 8] |= 1 << (tile % 8)
            levels += probabilities.map { UInt8(clamping: Int(($0 * 255).rounded())) }
        }
        self.init(stage: stage, classes: classes, columns: columns, rows: rows, graded: graded, levels: levels)
    }

    func placed(inImage image: Int) -> HeatMap {
        var placed = self
        placed.image = image
        return placed
    }

    /// Calls `body` with each tile that was graded, in row-major order, and its classes' probabilities.
    public func forEachTile(_ body: (_ column: Int, _ row: Int, _ probabilities: [Double]) throws -> Void) rethrows {
        var position = levels.startIndex
        for tile in 0..<columns.count * rows.count
        where graded[graded.startIndex + tile / 8] >> (tile % 8) & 1 != 0 {
            let probabilities = levels[position..<position + classes.count].map { Double($0) / 255 }
            position += classes.count
            try body(tile % columns.count, tile / columns.count, probabilities)
        }
    }
}
