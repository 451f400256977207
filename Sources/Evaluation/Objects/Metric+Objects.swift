extension Metric {
    /// Average precision of a class: the area under precision over recall, precision made monotone from the right (all points,
    /// as PASCAL VOC has it since 2010).
    ///
    /// - Parameter threshold: index in ``EvaluatedObjects/thresholds``.
    static func averagePrecision(_ scans: [EvaluatedObjects], of label: String, threshold: Int) -> Metric {
        var samples: [(scan: Int, confidence: Double, isTrue: Bool)] = []
        var truthCounts = [Int](repeating: 0, count: scans.count)
        for (index, scan) in scans.enumerated() {
            guard let own = scan.classes[label] else { continue }
            truthCounts[index] = own.truthCount
            for (confidence, isTrue) in zip(own.confidences, own.matched[threshold]) where isTrue || own.isComplete {
                samples.append((index, confidence, isTrue))
            }
        }
        samples.sort { $0.confidence > $1.confidence }
        let (ordered, counts) = (samples, truthCounts)
        return Metric(support: counts.count { $0 > 0 }) { weights in
            let all = zip(counts, weights).reduce(0) { $0 + $1.0 * $1.1 }
            guard all > 0 else { return nil }
            var points: [(truePositives: Int, precision: Double)] = []
            var (hits, misses) = (0, 0)
            for sample in ordered where weights[sample.scan] > 0 {
                if sample.isTrue { hits += weights[sample.scan] } else { misses += weights[sample.scan] }
                if sample.isTrue { points.append((hits, Double(hits) / Double(hits + misses))) }
            }
            var (area, best, last) = (0.0, 0.0, hits)
            for point in points.reversed() {
                // What lies right of this point has the best precision that is still to come there.
                area += Double(last - point.truePositives) * best
                best = max(best, point.precision)
                last = point.truePositives
            }
            return (area + Double(last) * best) / Double(all)
        }
    }

    /// The mean of figures that have a value.
    static func mean(of metrics: [Metric], support: Int) -> Metric {
        Metric(support: support) { weights in
            let values = metrics.compactMap { $0.value(weights) }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
    }

    /// Of all likely objects of the classes together: `2 TP / (2 TP + FP + FN)`, or with `asPrecision`
    /// `TP / (TP + FP + FN)`, which the Data Science Bowl 2018 calls precision.
    static func objects(
        _ scans: [EvaluatedObjects], of labels: [String], threshold: Int, asPrecision: Bool
    ) -> Metric {
        let counts = scans.map { scan in
            labels.compactMap { scan.classes[$0] }.reduce((matched: 0, all: 0)) { sum, own in
                (sum.matched + own.matchedCount(threshold), sum.all + own.truthCount + own.counted(threshold))
            }
        }
        return Metric(support: counts.count { $0.all > 0 }) { weights in
            let matched = zip(counts, weights).reduce(0) { $0 + $1.0.matched * $1.1 }
            let all = zip(counts, weights).reduce(0) { $0 + $1.0.all * $1.1 }
            guard all > 0 else { return nil }
            return asPrecision ? Double(matched) / Double(all - matched) : 2 * Double(matched) / Double(all)
        }
    }

    /// How the counts of a class agree (Bland and Altman, Lancet 1986).
    enum Agreement: Sendable, CaseIterable {
        /// Found less true, mean of the scans.
        case meanError
        /// That less or plus 1.96 standard deviations.
        case lowerLimit, upperLimit
    }

    static func count(_ scans: [EvaluatedObjects], of label: String, _ agreement: Agreement) -> Metric {
        let differences = scans.map { scan -> Double? in
            guard let own = scan.classes[label] else { return 0 }
            return own.isComplete ? Double(own.likelyCount - own.truthCount) : nil
        }
        return Metric(support: differences.count { $0 != nil }) { weights in
            var (count, sum, squares) = (0.0, 0.0, 0.0)
            for (difference, weight) in zip(differences, weights) {
                guard let difference else { continue }
                count += Double(weight)
                sum += Double(weight) * difference
                squares += Double(weight) * difference * difference
            }
            guard count > 0 else { return nil }
            let mean = sum / count
            guard agreement != .meanError else { return mean }
            guard count > 1 else { return nil }
            let deviation = (max(0, squares - sum * mean) / (count - 1)).squareRoot()
            return mean + (agreement == .lowerLimit ? -1.96 : 1.96) * deviation
        }
    }
}
