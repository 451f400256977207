import Imaging

/// A whole probability map, put together from blocks.
struct ProbabilityMap {
    let width: Int
    /// `[height, width]`.
    private(set) var values: [Float]
    private var filled: [Bool]

    init(width: Int, height: Int) {
        self.width = width
        values = Array(repeating: 0, count: width * height)
        filled = Array(repeating: false, count: width * height)
    }

    /// Whether every pixel has come, for which it must have come once.
    var isComplete: Bool { filled.allSatisfy(\.self) }

    mutating func add(_ block: ProbabilityBlock) {
        for (row, y) in block.rows.enumerated() {
            for (column, x) in block.columns.enumerated() {
                precondition(!filled[y * width + x], "a pixel came twice")
                filled[y * width + x] = true
                if let part = block.values { values[y * width + x] = part[row * block.columns.count + column] }
            }
        }
    }
}
