/// Finished pixels of a probability map: some rows of some neighbouring columns.
///
/// The blocks of a map come row of tiles by row of tiles, and within one from left to right until its rows are filled. So no
/// more than a block is ever held as pixels, however wide the map.
public struct ProbabilityBlock: Sendable, Hashable {
    public let rows: Range<Int>
    public let columns: Range<Int>
    /// `[rows, columns]` in row-major order; nil where no network looked: glass, where the probability is 0, costs nothing.
    public let values: [Float]?

    /// - Precondition: the values, where there are any, fill the block.
    public init(rows: Range<Int>, columns: Range<Int>, values: [Float]?) {
        precondition(values.map { $0.count == rows.count * columns.count } ?? true, "values do not fill the block")
        self.rows = rows
        self.columns = columns
        self.values = values
    }
}
