/// One figure as a function of how often each scan counts: once each for the estimate itself, as often as it is drawn in
/// a bootstrap.
struct Metric: Sendable {
    /// Number of scans that the figure rests on.
    let support: Int
    /// `[scans]` weights -> the figure; nil where it has no value, as accuracy has without scans.
    let value: @Sendable (_ weights: [Int]) -> Double?
}

extension Metric {
    /// The mean of the scans that have a value.
    static func mean(_ values: [Double?]) -> Metric {
        let present = values.enumerated().compactMap { index, value in value.map { (index, $0) } }
        return Metric(support: present.count) { weights in
            var sum = 0.0
            var count = 0
            for (index, value) in present {
                sum += Double(weights[index]) * value
                count += weights[index]
            }
            return count == 0 ? nil : sum / Double(count)
        }
    }

    /// Mean Dice of the images (Dice 1945), of one true class or of all; both empty is 1.
    static func dice(_ scans: [EvaluatedScan], ofClass label: String? = nil) -> Metric {
        mean(scans.map { label == nil || $0.truth == label ? $0.overlap?.dice : nil })
    }

    /// `2 TP / (2 TP + FP + FN)` over the objects of all images together.
    static func objectF1(_ scans: [EvaluatedScan]) -> Metric {
        let objects = scans.map(\.objects)
        return Metric(support: objects.count { $0 != nil }) { weights in
            var matched = 0
            var all = 0
            for (object, weight) in zip(objects, weights) {
                guard let object else { continue }
                matched += weight * object.matched
                all += weight * (object.truthCount + object.foundCount)
            }
            return all == 0 ? nil : 2 * Double(matched) / Double(all)
        }
    }
}
