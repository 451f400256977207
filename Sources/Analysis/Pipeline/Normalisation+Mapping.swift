import Imaging

extension NormalisationStep {
    /// Reads `{method: NAME, PARAMETER: numbers, ...}`; reports what is wrong with it.
    init?(_ mapping: StrictMapping) {
        guard let method = mapping.string("method") else { return nil }
        var parameters: [String: [Double]] = [:]
        for key in mapping.freeKeys { parameters[key] = mapping.doubles(key) }
        do {
            try self.init(name: method, parameters: parameters)
        } catch {
            mapping.report("method", "cannot be used: \(error)")
            return nil
        }
    }

    /// Likewise, of a step from colour to colour.
    init?(colour mapping: StrictMapping) {
        self.init(mapping)
        guard isColour else {
            mapping.report("method", "must be one that changes colours: reinhard, macenko or clahe")
            return nil
        }
    }

    /// Likewise, of the step that makes a network's numbers.
    ///
    /// - Parameters:
    ///   - range: what black and white are before a `mean-std`, or as the network takes them; nil for 0 to 1.
    ///   - colour: the order of the numbers that `mapping` has for each channel; in the step it is red, green, blue.
    init?(_ mapping: StrictMapping, range: ClosedRange<Double>?, colour: ModelInput.Colour) {
        let hasFactor = mapping.has("factor")
        self.init(mapping)
        switch self {
        case .scale(let factor) where hasFactor:
            if let range, range != 0...(255 * factor) {
                mapping.report(
                    "factor", "makes 0 to \(255 * factor) of black and white, and the input's range says otherwise")
            }
        case .scale:
            guard let range else { return }
            let width = range.upperBound - range.lowerBound
            self =
                range.lowerBound == 0
                ? .scale(factor: width / 255)
                : .meanStandardDeviation(
                    mean: ChannelValues(repeating: -range.lowerBound / width),
                    standardDeviation: ChannelValues(repeating: 1 / width))
        case .meanStandardDeviation(let mean, let deviation):
            if colour == .grey,
                mean != ChannelValues(repeating: mean.first) || deviation != ChannelValues(repeating: deviation.first)
            {
                mapping.report("mean", "and std must be one number each for a grey image")
            }
            let (lower, width) = range.map { ($0.lowerBound, $0.upperBound - $0.lowerBound) } ?? (0, 1)
            func ordered(_ values: ChannelValues, _ value: (Double) -> Double) -> ChannelValues {
                let (first, third) = colour == .bgr ? (values.third, values.first) : (values.first, values.third)
                return ChannelValues(value(first), value(values.second), value(third))
            }
            self = .meanStandardDeviation(
                mean: ordered(mean) { ($0 - lower) / width }, standardDeviation: ordered(deviation) { $0 / width })
        case .percentile:
            if let range, range != 0...1 {
                mapping.report("method", "is percentile, which makes 0 to 1: the input's range cannot be another")
            }
        case .reinhard, .macenko, .clahe, .luma:
            mapping.report("method", "must be one that makes a network's numbers: scale, mean-std or percentile")
            return nil
        }
    }
}
