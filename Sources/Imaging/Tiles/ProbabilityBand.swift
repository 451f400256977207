/// Finished rows of a probability map, over the whole width of the area: `[rows, width]` in row-major order.
public struct ProbabilityBand: Sendable, Hashable {
    /// The first row, in pixels of the area.
    public let y: Int
    public let width: Int
    public let rows: Int
    public let values: [Float]

    /// - Precondition: `values` holds exactly `rows * width` numbers.
    public init(y: Int, width: Int, rows: Int, values: [Float]) {
        precondition(values.count == rows * width, "values do not fill the band")
        self.y = y
        self.width = width
        self.rows = rows
        self.values = values
    }
}
