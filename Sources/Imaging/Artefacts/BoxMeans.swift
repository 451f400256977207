/// Means over squares of pixels; at the edges over those that there are.
struct BoxMeans {
    private let width: Int
    private let height: Int
    /// Of all above and left of each corner, `[height + 1, width + 1]`.
    private let sums: [Double]

    /// - Parameter values: `[height, width]`.
    init(_ values: [Double], width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        var sums = [Double](repeating: 0, count: (width + 1) * (height + 1))
        for y in 0..<height {
            var row = 0.0
            for x in 0..<width {
                row += values[y * width + x]
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
            }
        }
        self.sums = sums
    }

    /// - Parameter radius: pixels on each side of the middle one.
    func mean(x: Int, y: Int, radius: Int) -> Double {
        let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
        let (top, bottom) = (max(0, y - radius), min(height, y + radius + 1))
        func sum(_ x: Int, _ y: Int) -> Double { sums[y * (width + 1) + x] }
        let total = sum(right, bottom) - sum(left, bottom) - sum(right, top) + sum(left, top)
        return total / Double((right - left) * (bottom - top))
    }
}
