/// The area under the receiver operating characteristic, by ranks: the probability that a positive scores above a
/// negative, ties counting half (Mann and Whitney 1947; Hanley and McNeil 1982).
struct RankStatistic: Sendable {
    struct Sample: Sendable {
        let scan: Int
        let score: Double
        let isPositive: Bool
    }

    /// By rising score.
    private let samples: [Sample]

    init(_ samples: [Sample]) {
        self.samples = samples.sorted { $0.score < $1.score }
    }

    /// - Returns: nil unless there are positives and negatives.
    /// - Complexity: linear in the number of samples.
    func areaUnderCurve(weights: [Int]) -> Double? {
        var (positives, negatives, wins) = (0, 0, 0.0)
        var start = 0
        while start < samples.count {
            var (tiedPositives, tiedNegatives) = (0, 0)
            var end = start
            while end < samples.count, samples[end].score == samples[start].score {
                let weight = weights[samples[end].scan]
                if samples[end].isPositive { tiedPositives += weight } else { tiedNegatives += weight }
                end += 1
            }
            wins += Double(tiedPositives) * (Double(negatives) + Double(tiedNegatives) / 2)
            positives += tiedPositives
            negatives += tiedNegatives
            start = end
        }
        guard positives > 0, negatives > 0 else { return nil }
        return wins / (Double(positives) * Double(negatives))
    }
}
