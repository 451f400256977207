import Slides

/// A map from colour to colour: applied to every pixel alike, but for `contrast`, which depends on the place.
enum ColourTransform: Sendable, Hashable {
    case stains(OpticalDensityTransform)
    case lab(LabTransform)
    case contrast(LocalContrast)
    case luma

    func applied(to image: RGBImage, at place: PicturePlace) -> RGBImage {
        switch self {
        case .stains(let transform): image.withPixels(transform.applied(to: image.pixels))
        case .lab(let transform): image.withPixels(transform.applied(to: image.pixels))
        case .contrast(let contrast): contrast.applied(to: image, at: place)
        case .luma: image.withPixels(Self.luma(of: image.pixels))
        }
    }

    /// The sample as the rest of the steps see it; places are lost in a sample, so it has to be of a step that needs none.
    func applied(to sample: TissueSample) -> TissueSample {
        switch self {
        case .stains(let transform): TissueSample(pixels: transform.applied(to: sample.pixels))
        case .lab(let transform): TissueSample(pixels: transform.applied(to: sample.pixels))
        case .contrast: sample
        case .luma: TissueSample(pixels: Self.luma(of: sample.pixels))
        }
    }

    /// 0.299 R + 0.587 G + 0.114 B for each of the three, rounded: ITU-R BT.601, as Pillow and OpenCV make grey.
    private static func luma(of pixels: [UInt8]) -> [UInt8] {
        var greys = pixels
        for index in stride(from: 0, to: pixels.count, by: 3) {
            let (red, green, blue) = (Int(pixels[index]), Int(pixels[index + 1]), Int(pixels[index + 2]))
            let luma = UInt8((19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16)
            (greys[index], greys[index + 1], greys[index + 2]) = (luma, luma, luma)
        }
        return greys
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
