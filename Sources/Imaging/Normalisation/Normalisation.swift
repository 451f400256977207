import Slides

/// How the colours of a scan become a network's input: steps from colour to colour, then one that makes the numbers.
public struct Normalisation: Sendable, Hashable {
    public let steps: [NormalisationStep]

    /// - Throws: `ImagingError.invalidParameter` unless the last step, and only that, is `scale`, `mean-std` or `percentile`; and
    ///   where `clahe` comes before a step that is estimated, for the estimate would not be of what it makes.
    public init(_ steps: [NormalisationStep]) throws(ImagingError) {
        guard let last = steps.last, !last.isColour, steps.dropLast().allSatisfy(\.isColour) else {
            throw .invalidParameter(
                name: "normalisation",
                reason: "the last step, and only that, has to be scale, mean-std or percentile")
        }
        if let contrast = steps.firstIndex(where: \.dependsOnPlace),
            steps[(contrast + 1)...].contains(where: \.needsEstimate)
        {
            throw .invalidParameter(name: "normalisation", reason: "no step that is estimated can follow clahe")
        }
        self.steps = steps
    }

    /// The same after another step from colour to colour.
    ///
    /// - Throws: as `init`.
    public func preceded(by step: NormalisationStep) throws(ImagingError) -> Normalisation {
        try Normalisation([step] + steps)
    }

    /// Whether ``fitted(to:)`` makes use of a sample of the scan's tissue.
    public var needsEstimate: Bool { steps.contains(where: \.needsEstimate) }

    /// The normalisation of one scan, with what depends on the scan's tissue estimated.
    ///
    /// Where the estimate is degenerate (no sample, one colour only, no second stain), the step is left out, or for
    /// `percentile` replaced by `scale`, and the result says so.
    ///
    /// - Parameter overview: the whole scan, small: what `clahe` is estimated on.
    public func fitted(to sample: TissueSample?, overview: RGBImage? = nil) -> FittedNormalisation {
        var transforms: [ColourTransform] = []
        var fallbacks: [NormalisationFallback] = []
        var remaining = sample
        var seen = overview
        func add(_ transform: Result<ColourTransform, NormalisationFallback>) {
            switch transform {
            case .success(let transform):
                transforms.append(transform)
                remaining = remaining.map { transform.applied(to: $0) }
                seen = seen.map { transform.applied(to: $0, at: PicturePlace(whole: $0)) }
            case .failure(let fallback): fallbacks.append(fallback)
            }
        }
        var table = IntensityTable(factor: 1 / 255)
        for step in steps {
            switch step {
            case .scale(let factor): table = IntensityTable(factor: factor)
            case .meanStandardDeviation(let mean, let deviation):
                table = IntensityTable(mean: mean, standardDeviation: deviation)
            case .percentile(let low, let high):
                switch IntensityTable.stretching(remaining, low: low, high: high) {
                case .success(let stretched): table = stretched
                case .failure(let fallback): fallbacks.append(fallback)
                }
            case .reinhard(let target): add(ColourTransform.reinhard(from: remaining, to: target))
            case .macenko(let target): add(ColourTransform.macenko(from: remaining, to: target))
            case .luma: add(.success(.luma))
            case .clahe(let options):
                if let seen {
                    add(.success(.contrast(LocalContrast(overview: seen, options: options))))
                } else {
                    fallbacks.append(NormalisationFallback(step: "clahe", reason: .noOverview))
                }
            }
        }
        return FittedNormalisation(transforms: transforms, table: table, fallbacks: fallbacks)
    }
}

/// A step that could not be fitted to a scan, and why.
public struct NormalisationFallback: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: String, Sendable, Hashable {
        case noTissue = "no tissue to estimate on"
        case oneColour = "the tissue has one colour only"
        case noOverview = "no overview to estimate on"
        case noSecondStain = "two stains cannot be told apart"
    }

    /// The step's name in a model's card.
    public let step: String
    public let reason: Reason

    public var description: String { "\(step) left out: \(reason.rawValue)" }
}
