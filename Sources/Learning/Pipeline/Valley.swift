/// The bottom of a function with one valley.
enum Valley {
    private static let rounds = 40

    /// By golden section.
    static func lowest(in range: ClosedRange<Double>, within tolerance: Double = 0.002, of value: (Double) -> Double)
        -> Double
    {
        var (low, high) = (range.lowerBound, range.upperBound)
        let ratio = 0.618_033_988_749_895
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (leftValue, rightValue) = (value(left), value(right))
        for _ in 0..<rounds where high - low > tolerance {
            if leftValue <= rightValue {
                (high, right, rightValue) = (right, left, leftValue)
                left = high - ratio * (high - low)
                leftValue = value(left)
            } else {
                (low, left, leftValue) = (left, right, rightValue)
                right = low + ratio * (high - low)
                rightValue = value(right)
            }
        }
        return (low + high) / 2
    }
}
