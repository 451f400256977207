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
        sums.withUnsafeMutableBufferPointer { sums in
            values.withUnsafeBufferPointer { values in
                for y in 0..<height {
                    var row = 0.0
                    for x in 0..<width {
                        row += values[y * width + x]
                        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
                    }
                }
            }
        }
        self.sums = sums
    }

    /// `[height, width]`.
    ///
    /// - Parameter radius: pixels on each side of the middle one.
    func means(radius: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: width * height) { means, initialised in
            sums.withUnsafeBufferPointer { sums in
                for y in 0..<height {
                    let (top, bottom) = (max(0, y - radius), min(height, y + radius + 1))
                    let (above, below) = (top * (width + 1), bottom * (width + 1))
                    for x in 0..<width {
                        let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
                        let total = sums[below + right] - sums[below + left] - sums[above + right] + sums[above + left]
                        means[y * width + x] = total / Double((right - left) * (bottom - top))
                    }
                }
            }
            initialised = width * height
        }
    }
}
