/// Where numbers lie along a side of a drawing.
struct Axis {
    let values: ClosedRange<Double>
    let start: Double
    let end: Double
    private let onlyNumber: Double?

    /// - Parameters:
    ///   - values: that are to be shown; equal ones get room around them.
    ///   - isShare: whether they lie between 0 and 1.
    init(_ values: [Double], from start: Double, to end: Double, isShare: Bool = false) {
        let least = values.min() ?? 0
        let most = values.max() ?? 1
        let margin = most > least ? (most - least) * 0.06 : max(abs(most) * 0.1, 1e-6)
        self.values =
            isShare ? max(-0.02, least - margin)...min(1.02, most + margin) : least - margin...most + margin
        onlyNumber = least == most ? least : nil
        self.start = start
        self.end = end
    }

    func place(_ value: Double) -> Double {
        start + (value - values.lowerBound) / (values.upperBound - values.lowerBound) * (end - start)
    }

    /// Three numbers to read it by.
    var ticks: [Double] {
        if let onlyNumber { return [onlyNumber] }
        let (low, high) = (values.lowerBound, values.upperBound)
        return [low + (high - low) * 0.1, (low + high) / 2, high - (high - low) * 0.1]
    }
}
