extension NormalisationStep {
    /// A step from its name and parameters in a model's card or a pipeline's definition.
    ///
    /// | name | parameters (default) |
    /// | --- | --- |
    /// | `scale` | `factor` (1/255) |
    /// | `mean-std` | `mean`, `std`: one number, or one for each channel |
    /// | `percentile` | `low` (1), `high` (99) |
    /// | `reinhard` | `mean`, `std`: three numbers each, along L*, a* and b* |
    /// | `macenko` | `hematoxylin`, `eosin`: optical densities of red, green and blue; `maximum`: the two strengths (those of ``StainProfile/reference``) |
    /// | `clahe` | `regions` along a side (8), `clip` in means of the histogram (2) |
    ///
    /// - Throws: `ImagingError.invalidParameter` for a name or a parameter that is unknown, absent or out of range.
    public init(name: String, parameters: [String: [Double]] = [:]) throws(ImagingError) {
        var values = StepParameters(step: name, values: parameters)
        switch name {
        case "scale":
            self = .scale(factor: try values.number("factor", default: 1 / 255))
        case "mean-std":
            self = .meanStandardDeviation(
                mean: try values.channels("mean"), standardDeviation: try values.channels("std", positive: true))
        case "percentile":
            let low = try values.number("low", default: 1)
            let high = try values.number("high", default: 99)
            guard low >= 0, high <= 100, low < high else {
                throw .invalidParameter(
                    name: name, reason: "low \(low) and high \(high) are not 0 <= low < high <= 100")
            }
            self = .percentile(low: low, high: high)
        case "reinhard":
            self = .reinhard(
                ReinhardStatistics(
                    mean: try values.channels("mean"),
                    standardDeviation: try values.channels("std", positive: true)))
        case "macenko":
            let reference = StainProfile.reference
            let hematoxylin = try values.channels("hematoxylin", default: reference.hematoxylin)
            let eosin = try values.channels("eosin", default: reference.eosin)
            let maximum = try values.numbers("maximum", count: 2, default: reference.maximumConcentrations)
            guard
                let profile = StainProfile(hematoxylin: hematoxylin, eosin: eosin, maximumConcentrations: maximum)
            else {
                throw .invalidParameter(name: name, reason: "the two stains are not two different colours")
            }
            self = .macenko(profile)
        case "clahe":
            let standard = LocalContrastOptions.standard
            let regions = try values.number("regions", default: Double(standard.regions))
            let clip = try values.number("clip", default: standard.clip)
            guard (1...64).contains(regions), regions == regions.rounded(), (1...256).contains(clip) else {
                throw .invalidParameter(
                    name: name, reason: "regions is no whole number of 1 to 64, or clip is not within 1...256")
            }
            self = .clahe(LocalContrastOptions(regions: Int(regions), clip: clip))
        default:
            throw .invalidParameter(
                name: "normalisation",
                reason: "\"\(name)\" is none of scale, mean-std, percentile, reinhard, macenko, clahe")
        }
        try values.checkAllUsed()
    }
}

/// The parameters of a step, and which of them have been asked for.
private struct StepParameters {
    let step: String
    let values: [String: [Double]]
    var used: Set<String> = []

    init(step: String, values: [String: [Double]]) {
        self.step = step
        self.values = values
    }

    mutating func number(_ name: String, default standard: Double) throws(ImagingError) -> Double {
        try numbers(name, count: 1, default: [standard])[0]
    }

    mutating func channels(
        _ name: String, default standard: ChannelValues? = nil, positive: Bool = false
    ) throws(ImagingError) -> ChannelValues {
        let single = values[name]?.count == 1
        let numbers = try numbers(name, count: single ? 1 : 3, default: standard?.all)
        if positive && !numbers.allSatisfy({ $0 > 0 }) {
            throw .invalidParameter(name: "\(step).\(name)", reason: "a number is not above 0")
        }
        return single ? ChannelValues(repeating: numbers[0]) : ChannelValues(numbers[0], numbers[1], numbers[2])
    }

    mutating func numbers(_ name: String, count: Int, default standard: [Double]?) throws(ImagingError) -> [Double] {
        used.insert(name)
        guard let numbers = values[name] ?? standard else {
            throw .invalidParameter(name: "\(step).\(name)", reason: "it is not given")
        }
        guard numbers.count == count, numbers.allSatisfy(\.isFinite) else {
            throw .invalidParameter(name: "\(step).\(name)", reason: "it is not \(count) finite number(s)")
        }
        return numbers
    }

    func checkAllUsed() throws(ImagingError) {
        let unknown = values.keys.filter { !used.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw .invalidParameter(name: step, reason: "unknown parameter \(unknown.joined(separator: ", "))")
        }
    }
}
