/// Percentiles with linear interpolation between neighbours in order of size, as numpy computes them by default.
enum Percentile {
    /// - Parameter percent: 0...100.
    /// - Precondition: the histogram counts at least one value.
    static func of(histogram: [Int], _ percent: Double) -> Double {
        let count = histogram.reduce(0, +)
        precondition(count > 0, "no values")
        let position = percent / 100 * Double(count - 1)
        let below = Int(position)
        func value(atRank rank: Int) -> Double {
            var passed = 0
            for (value, occurrences) in histogram.enumerated() {
                passed += occurrences
                if passed > rank { return Double(value) }
            }
            return Double(histogram.count - 1)
        }
        let lower = value(atRank: below)
        let upper = value(atRank: min(below + 1, count - 1))
        return lower + (upper - lower) * (position - Double(below))
    }

    /// - Precondition: `sorted` is in order and not empty.
    static func of(sorted: [Float], _ percent: Double) -> Double {
        let position = percent / 100 * Double(sorted.count - 1)
        let below = Int(position)
        let lower = Double(sorted[below])
        let upper = Double(sorted[min(below + 1, sorted.count - 1)])
        return lower + (upper - lower) * (position - Double(below))
    }
}
