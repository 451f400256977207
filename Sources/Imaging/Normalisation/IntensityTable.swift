/// What each 8-bit value of each channel becomes: `[3, 256]`.
struct IntensityTable: Sendable, Hashable {
    let values: [Float]

    private init(_ value: (_ channel: Int, _ level: Double) -> Double) {
        values = (0..<3 * 256).map { Float(value($0 / 256, Double($0 % 256))) }
    }

    init(factor: Double) {
        self.init { _, level in level * factor }
    }

    init(mean: ChannelValues, standardDeviation: ChannelValues) {
        let (means, deviations) = (mean.all, standardDeviation.all)
        self.init { channel, level in (level / 255 - means[channel]) / deviations[channel] }
    }

    /// Stretches each channel's percentiles of the sample to 0...1.
    static func stretching(
        _ sample: TissueSample?, low: Double, high: Double
    ) -> Result<IntensityTable, NormalisationFallback> {
        guard let sample, sample.count > 0 else { return .failure(.init(step: "percentile", reason: .noTissue)) }
        let ranges = (0..<3).map { channel in
            let histogram = sample.histogram(channel: channel)
            return (low: Percentile.of(histogram: histogram, low), high: Percentile.of(histogram: histogram, high))
        }
        guard ranges.allSatisfy({ $0.high - $0.low >= 1 }) else {
            return .failure(.init(step: "percentile", reason: .oneColour))
        }
        return .success(
            IntensityTable { channel, level in
                min(1, max(0, (level - ranges[channel].low) / (ranges[channel].high - ranges[channel].low)))
            })
    }
}
