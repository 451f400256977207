/// The middle of numbers and how far they scatter, by measures that a few wild ones do not move.
struct Spread: Sendable, Hashable {
    let median: Double
    /// A standard deviation, estimated from the median distance to the median (or, where more than half are the same, the
    /// mean distance): Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993. Zero where all are the same.
    let deviation: Double

    /// Fewer numbers have no spread to speak of.
    static let leastCount = 5
    /// Iglewicz and Hoaglin's bound of their modified z-score.
    private static let outlyingScore = 3.5

    /// Nil for too few numbers.
    ///
    /// - Parameter leastDeviation: what the deviation of such numbers, by their median, is at least: scans that are all but alike
    ///   must not make an outlier of one that anybody would call the same.
    init?(_ numbers: [Double], leastDeviation: (Double) -> Double = { _ in 0 }) {
        guard numbers.count >= Self.leastCount, let median = numbers.median,
            let distance = numbers.map({ abs($0 - median) }).median
        else { return nil }
        self.median = median
        let mean = numbers.reduce(0) { $0 + abs($1 - median) } / Double(numbers.count)
        deviation = max(distance > 0 ? distance * 1.4826 : mean * 1.253_314, leastDeviation(median))
    }

    /// - Returns: whether a number lies further from the median than the others' scatter explains.
    func isOutlying(_ number: Double) -> Bool {
        deviation > 0 && abs(number - median) / deviation > Self.outlyingScore
    }
}

extension [Double] {
    var median: Double? {
        guard !isEmpty else { return nil }
        let ordered = sorted()
        let middle = count / 2
        return count % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
    }
}
