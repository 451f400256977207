/// Otsu, "A threshold selection method from gray-level histograms", 1979.
enum OtsuThreshold {
    /// The level that splits the values into two classes of greatest variance between them: values below it are the lower
    /// class. Nil where all values are the same.
    static func level(of histogram: [Int]) -> Int? {
        let total = Double(histogram.reduce(0, +))
        let sum = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
        var (count, lowerSum, best, level) = (0.0, 0.0, 0.0, Int?.none)
        for (value, occurrences) in histogram.enumerated().dropLast() {
            count += Double(occurrences)
            lowerSum += Double(value) * Double(occurrences)
            guard count > 0, count < total else { continue }
            let difference = lowerSum / count - (sum - lowerSum) / (total - count)
            let variance = count * (total - count) * difference * difference
            if variance > best { (best, level) = (variance, value + 1) }
        }
        return level
    }
}
