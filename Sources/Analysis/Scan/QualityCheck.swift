import Imaging

/// A scan's quality measures against a pipeline's thresholds.
struct QualityCheck {
    /// By name, as they are recorded.
    let values: [String: Double]
    /// Sentences on measures that are past a bound.
    private(set) var warnings: [String] = []
    /// Likewise, where they forbid a result.
    private(set) var rejections: [String] = []

    init(_ measures: QualityMeasures, thresholds: [QualityMeasure: PipelineDefinition.QualityThresholds]) {
        values = Dictionary(uniqueKeysWithValues: measures.values.map { ($0.key.rawValue, $0.value) })
        for (measure, bounds) in thresholds.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let value = measures.values[measure] else { continue }
            func sentence(_ relation: String, _ bound: Double) -> String {
                "\(measure.rawValue) is \(value), \(relation) \(bound)"
            }
            if let bound = bounds.rejectBelow, value < bound {
                rejections.append(sentence("below", bound))
            } else if let bound = bounds.rejectAbove, value > bound {
                rejections.append(sentence("above", bound))
            } else if let bound = bounds.warnBelow, value < bound {
                warnings.append(sentence("below", bound))
            } else if let bound = bounds.warnAbove, value > bound {
                warnings.append(sentence("above", bound))
            }
        }
    }
}
