/// Mean and spread of a tissue's colours along the axes of CIE L*a*b* (L* is 0 to 100).
public struct ReinhardStatistics: Sendable, Hashable {
    public let mean: ChannelValues
    public let standardDeviation: ChannelValues

    public init(mean: ChannelValues, standardDeviation: ChannelValues) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Nil for a sample without pixels.
    public init?(of sample: TissueSample) {
        guard sample.count > 0 else { return nil }
        var sums = [0.0, 0.0, 0.0]
        var squares = [0.0, 0.0, 0.0]
        CIELab.withTables { tables in
            for index in stride(from: 0, to: sample.pixels.count, by: 3) {
                let lab = tables.lab(
                    red: sample.pixels[index], green: sample.pixels[index + 1], blue: sample.pixels[index + 2])
                for (axis, value) in [Double(lab.0), Double(lab.1), Double(lab.2)].enumerated() {
                    sums[axis] += value
                    squares[axis] += value * value
                }
            }
        }
        let count = Double(sample.count)
        let means = sums.map { $0 / count }
        let deviations = (0..<3).map { max(0, squares[$0] / count - means[$0] * means[$0]).squareRoot() }
        self.init(
            mean: ChannelValues(means[0], means[1], means[2]),
            standardDeviation: ChannelValues(deviations[0], deviations[1], deviations[2]))
    }
}
