import NeuralNetworks

/// A figure with its uncertainty.
public struct Estimate: Sendable, Hashable {
    /// Nil where the figure has no value, as the area under the curve has for a class that does not occur.
    public let value: Double?
    /// 95 % of the resamples lie in it; nil where fewer than half of them give the figure a value.
    public let interval: ClosedRange<Double>?
    /// Number of scans that the figure rests on.
    public let support: Int
}

/// Percentile intervals by drawing patients with replacement (Efron 1979): the scans of one patient resemble each other,
/// so patients and not scans are what is drawn.
struct Bootstrap: Sendable {
    let resamples: Int
    let seed: UInt64

    /// - Parameter patients: `[scans]`, whose each scan is.
    func estimates(of metrics: [Metric], patients: [String]) -> [Estimate] {
        let once = [Int](repeating: 1, count: patients.count)
        var samples = [[Double]](repeating: [], count: metrics.count)
        var generator = SplitMix64(seed: seed)
        let names = Set(patients).sorted()
        let indices = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        let patientOfScan = patients.compactMap { indices[$0] }
        for _ in 0..<resamples {
            var draws = [Int](repeating: 0, count: names.count)
            for _ in names { draws[generator.next(below: names.count)] += 1 }
            let weights = patientOfScan.map { draws[$0] }
            for (index, metric) in metrics.enumerated() {
                if let value = metric.value(weights) { samples[index].append(value) }
            }
        }
        return zip(metrics, samples).map { metric, sample in
            Estimate(value: metric.value(once), interval: interval(sample), support: metric.support)
        }
    }

    private func interval(_ sample: [Double]) -> ClosedRange<Double>? {
        guard !sample.isEmpty, 2 * sample.count >= resamples else { return nil }
        let sorted = sample.sorted()
        return quantile(sorted, 0.025)...quantile(sorted, 0.975)
    }
}

/// Hyndman and Fan's type 7: linear between the two nearest order statistics.
private func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}
