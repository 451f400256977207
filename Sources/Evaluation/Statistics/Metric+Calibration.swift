extension Metric {
    /// Expected calibration error (Naeini et al. 2015; Guo et al. 2017): over bins of equal width of the label's
    /// confidence, the mean distance between confidence and accuracy, weighted by how many scans fall there.
    ///
    /// Bin b of B holds the confidences in (b / B, (b + 1) / B].
    static func calibrationError(_ scans: [EvaluatedScan], bins: Int) -> Metric {
        let samples = scans.enumerated().compactMap { index, scan -> (scan: Int, bin: Int, gap: Double)? in
            guard let truth = scan.truth, let prediction = scan.prediction else { return nil }
            let bin = Int((prediction.confidence * Double(bins)).rounded(.up)) - 1
            let gap = (truth == prediction.label ? 1 : 0) - prediction.confidence
            return (index, min(max(bin, 0), bins - 1), gap)
        }
        return Metric(support: samples.count) { weights in
            var gaps = [Double](repeating: 0, count: bins)
            var count = 0
            for sample in samples {
                gaps[sample.bin] += Double(weights[sample.scan]) * sample.gap
                count += weights[sample.scan]
            }
            return count == 0 ? nil : gaps.reduce(0) { $0 + $1.magnitude } / Double(count)
        }
    }
}
