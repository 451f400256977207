import Slides

/// Where an overview shows artefacts: everything but blur, which it is too coarse for (``BlurMeasure``).
///
/// The thresholds were chosen on H&E sections: of the tissue of 286 scans without artefacts less than 0.05 % is taken for each,
/// but for `bubble` with 0.2 %; of the ink that HistoQC's pen images mark (Janowczyk et al. 2019) 0.98 of the green is found,
/// 0.6 to 0.7 of the red; of the black 0.91 to 0.97 has the colours that are looked for. Folds of two layers are not told from
/// what is rich in nuclei: at densities that take 0.1 % of such tissue, a quarter of two layers is found.
public struct ArtefactAreas {
    private let overview: RGBImage
    private let tissue: MaskImage
    private let micrometresPerPixel: Double
    private let grey: GreyImage

    /// - Parameters:
    ///   - tissue: of the overview's size.
    ///   - micrometresPerPixel: of the overview.
    public init(overview: RGBImage, tissue: MaskImage, micrometresPerPixel: Double) {
        precondition(tissue.width == overview.width && tissue.height == overview.height, "masks of another picture")
        self.overview = overview
        self.tissue = tissue
        self.micrometresPerPixel = micrometresPerPixel
        grey = GreyImage(luminanceOf: overview)
    }

    /// Pixels on each side, of a distance.
    private func radius(_ micrometres: Double) -> Int { max(1, Int((micrometres / micrometresPerPixel).rounded())) }

    private func pixels(_ squareMicrometres: Double) -> Int {
        max(1, Int(squareMicrometres / (micrometresPerPixel * micrometresPerPixel)))
    }

    /// Ink, wherever it is: what is surely ink, and what is of its colour around it.
    public var pen: MaskImage {
        func colours(_ test: (Int, Int, Int) -> Bool) -> [Bool] {
            overview.pixels.withUnsafeBufferPointer { pixels in
                (0..<tissue.pixels.count).map { index in
                    test(Int(pixels[3 * index]), Int(pixels[3 * index + 1]), Int(pixels[3 * index + 2]))
                }
            }
        }
        let coloured = grown(
            from: colours { PenMarks.isSurelyInk(red: $0, green: $1, blue: $2) },
            over: colours { PenMarks.mayBeInk(red: $0, green: $1, blue: $2) }, leastSeeds: 16, leastArea: 48)
        let black = grown(
            from: colours { PenMarks.isSurelyBlackInk(red: $0, green: $1, blue: $2) },
            over: colours { PenMarks.mayBeBlackInk(red: $0, green: $1, blue: $2) },
            leastSeeds: max(16, pixels(Self.leastBlackInk)), leastArea: 48)
        return MaskImage(
            width: tissue.width, height: tissue.height, pixels: zip(coloured.pixels, black.pixels).map { $0 || $1 })
    }

    /// Far less than the width of a stroke, squared, and far more than what is black in tissue.
    private static let leastBlackInk = 2_500.0

    private static let foldRadius = 17.0
    /// Of the tissue's median optical density. Two layers have twice, but so has what is rich in nuclei: surely a fold are more,
    /// and with them what is near.
    private static let foldDensities = (sure: 2.4, possible: 1.8)
    private static let leastFold = 900.0

    /// Tissue far denser than most of it, over more than nuclei.
    public var fold: MaskImage {
        let smooth = smoothed(densities, radius: radius(Self.foldRadius))
        guard let median = zip(smooth, tissue.pixels).filter(\.1).map(\.0).middle, median > 0 else { return nothing }
        func denser(than factor: Double) -> [Bool] {
            zip(smooth, tissue.pixels).map { $0 > factor * median && $1 }
        }
        return grown(
            from: denser(than: Self.foldDensities.sure), over: denser(than: Self.foldDensities.possible), leastSeeds: 1,
            leastArea: pixels(Self.leastFold))
    }

    /// Mean of the channels.
    private var densities: [Double] {
        let ofValue: [Double] = OpticalDensity.ofValue.map { Double($0) }
        var densities = [Double](repeating: 0, count: tissue.pixels.count)
        overview.pixels.withUnsafeBufferPointer { pixels in
            for index in densities.indices {
                var sum = ofValue[Int(pixels[3 * index])]
                sum += ofValue[Int(pixels[3 * index + 1])]
                sum += ofValue[Int(pixels[3 * index + 2])]
                densities[index] = sum / 3
            }
        }
        return densities
    }

    private static let bubbleRadius = 9.0
    private static let bubbleDeviation = 1.5
    /// Of the mean brightness: neither lumina nor the dark.
    private static let bubbleBrightness = 60.0...225
    private static let leastBubble = 1_600.0

    /// Tissue without any structure.
    public var bubble: MaskImage {
        let values = grey.pixels.map { Double($0) }
        let radius = max(2, radius(Self.bubbleRadius))
        let means = smoothed(values, radius: radius)
        let squares = smoothed(values.map { $0 * $0 }, radius: radius)
        let flat = tissue.pixels.indices.map { index in
            tissue.pixels[index] && Self.bubbleBrightness.contains(means[index])
                && squares[index] - means[index] * means[index] < Self.bubbleDeviation * Self.bubbleDeviation
        }
        return grown(from: flat, over: flat, leastSeeds: 1, leastArea: pixels(Self.leastBubble))
    }

    private var nothing: MaskImage {
        MaskImage(width: tissue.width, height: tissue.height, pixels: tissue.pixels.map { _ in false })
    }

    private func smoothed(_ values: [Double], radius: Int) -> [Double] {
        BoxMeans(values, width: tissue.width, height: tissue.height).means(radius: radius)
    }

    /// Areas of what may be, as far as they hold enough of what surely is.
    private func grown(from seeds: [Bool], over candidates: [Bool], leastSeeds: Int, leastArea: Int) -> MaskImage {
        let (width, height) = (tissue.width, tissue.height)
        let all = MaskImage(width: width, height: height, pixels: zip(seeds, candidates).map { $0 || $1 })
        let kept = all.components.filter { component in
            component.pixelCount >= leastArea
                && component.runs.reduce(0) { count, run in
                    count + (run.start..<run.end).count { seeds[run.row * width + $0] }
                } >= leastSeeds
        }
        return MaskImage(width: width, height: height, painting: kept)
    }
}
