import Slides

/// A map from colour to colour: applied to every pixel alike, but for `contrast`, which depends on the place.
enum ColourTransform: Sendable, Hashable {
    case stains(OpticalDensityTransform)
    case lab(LabTransform)
    case contrast(LocalContrast)

    func applied(to image: RGBImage, at place: PicturePlace) -> RGBImage {
        switch self {
        case .stains(let transform): image.withPixels(transform.applied(to: image.pixels))
        case .lab(let transform): image.withPixels(transform.applied(to: image.pixels))
        case .contrast(let contrast): contrast.applied(to: image, at: place)
        }
    }

    /// The sample as the rest of the steps see it; places are lost in a sample, so it has to be of a step that needs none.
    func applied(to sample: TissueSample) -> TissueSample {
        switch self {
        case .stains(let transform): TissueSample(pixels: transform.applied(to: sample.pixels))
        case .lab(let transform): TissueSample(pixels: transform.applied(to: sample.pixels))
        case .contrast: sample
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

extension RGBImage {
    fileprivate func withPixels(_ pixels: [UInt8]) -> RGBImage {
        RGBImage(width: width, height: height, pixels: pixels)
    }
}
