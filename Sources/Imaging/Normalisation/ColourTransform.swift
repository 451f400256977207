/// A map from colour to colour, applied to every pixel alike.
enum ColourTransform: Sendable, Hashable {
    case stains(OpticalDensityTransform)
    case lab(LabTransform)

    func applied(to image: RGBImage) -> RGBImage {
        RGBImage(width: image.width, height: image.height, pixels: applied(to: image.pixels))
    }

    /// - Parameter pixels: interleaved RGB.
    func applied(to pixels: [UInt8]) -> [UInt8] {
        switch self {
        case .stains(let transform): transform.applied(to: pixels)
        case .lab(let transform): transform.applied(to: pixels)
        }
    }

    /// Reinhard et al., "Color transfer between images", 2001, in CIE L*a*b* as usual in histopathology.
    static func reinhard(
        from sample: TissueSample?, to target: ReinhardStatistics
    ) -> Result<ColourTransform, NormalisationFallback> {
        guard let sample, sample.count > 0 else { return .failure(.init(step: "reinhard", reason: .noTissue)) }
        guard let own = ReinhardStatistics(of: sample), own.standardDeviation.all.allSatisfy({ $0 > 0.01 }) else {
            return .failure(.init(step: "reinhard", reason: .oneColour))
        }
        return .success(.lab(LabTransform(from: own, to: target)))
    }

    /// Macenko et al., "A method for normalizing histology slides for quantitative analysis", ISBI 2009.
    static func macenko(
        from sample: TissueSample?, to target: StainProfile
    ) -> Result<ColourTransform, NormalisationFallback> {
        guard let sample, sample.count > 0 else { return .failure(.init(step: "macenko", reason: .noTissue)) }
        guard let own = StainProfile(of: sample) else {
            return .failure(.init(step: "macenko", reason: .noSecondStain))
        }
        return .success(.stains(OpticalDensityTransform(from: own, to: target)))
    }
}

extension TissueSample {
    func transformed(by transform: ColourTransform) -> TissueSample {
        TissueSample(pixels: transform.applied(to: pixels))
    }
}
