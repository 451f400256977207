extension Metric {
    /// The share of scans with a true class that were labelled with it. No label is a wrong label.
    static func accuracy(_ scans: [EvaluatedScan]) -> Metric {
        mean(scans.map { scan in scan.truth.map { $0 == scan.prediction?.label ? 1 : 0 } })
    }

    /// The share of the scans of this class that were labelled with it. No label is a wrong label.
    static func recall(_ scans: [EvaluatedScan], ofClass label: String) -> Metric {
        mean(scans.map { scan in scan.truth == label ? (scan.prediction?.label == label ? 1 : 0) : nil })
    }

    /// The share of the scans with this label that are of its class.
    static func precision(_ scans: [EvaluatedScan], ofClass label: String) -> Metric {
        mean(
            scans.map { scan in
                guard let truth = scan.truth, scan.prediction?.label == label else { return nil }
                return truth == label ? 1 : 0
            })
    }

    /// The mean of the classes' recalls, over the classes that occur.
    static func balancedAccuracy(_ scans: [EvaluatedScan], classes: [String]) -> Metric {
        macroMean(classes.map { recall(scans, ofClass: $0) }, support: scans.count { $0.truth != nil })
    }

    /// The area under the receiver operating characteristic of one class against the rest.
    static func areaUnderCurve(_ scans: [EvaluatedScan], ofClass label: String) -> Metric {
        let ranked = scans.enumerated().compactMap { index, scan -> RankStatistic.Sample? in
            guard let truth = scan.truth, let score = scan.prediction?.probabilities[label] else { return nil }
            return RankStatistic.Sample(scan: index, score: score, isPositive: truth == label)
        }
        let statistic = RankStatistic(ranked)
        return Metric(support: ranked.count) { statistic.areaUnderCurve(weights: $0) }
    }

    /// The mean of the classes' areas, over the classes that have one.
    static func macroAreaUnderCurve(_ scans: [EvaluatedScan], classes: [String]) -> Metric {
        let support = scans.count { $0.truth != nil && $0.prediction != nil }
        return macroMean(classes.map { areaUnderCurve(scans, ofClass: $0) }, support: support)
    }

    private static func macroMean(_ metrics: [Metric], support: Int) -> Metric {
        Metric(support: support) { weights in
            let values = metrics.compactMap { $0.value(weights) }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
    }
}
