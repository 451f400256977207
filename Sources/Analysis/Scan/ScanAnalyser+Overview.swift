import Findings
import Imaging
import Slides

extension ScanAnalyser {
    /// Side of the overview on which tissue is found, in pixels: the least, and what one of its pixels may show before it
    /// grows, up to the most. Smaller pieces of tissue than a few of its pixels are taken for dust.
    private static let overviewSides = 1_024...2_048
    private static let pixelsPerOverviewPixel = 32
    /// Windows of tissue whose sharpness is measured, and their side in pixels.
    private static let focusWindows = 16
    private static let focusSide = 256
    /// Up to this size the overview is made of level 0, so that a pyramid's other levels have no say in the findings.
    private static let pixelsAveragedWhole = 16 << 20

    func overview(
        of file: any ScanFile, _ pyramid: Pyramid
    ) throws(AnalysisFailure) -> (image: RGBImage, scale: OverviewScale) {
        do {
            let isSmall = pyramid.width * pyramid.height <= Self.pixelsAveragedWhole
            let wanted = max(pyramid.width, pyramid.height) / Self.pixelsPerOverviewPixel
            let side = min(Self.overviewSides.upperBound, max(Self.overviewSides.lowerBound, wanted))
            let level = isSmall ? pyramid.levels[0] : pyramid.level(withLongerSideAtLeast: side)
            let overview = try Overview(of: file.pixels(of: level), maximumSide: side)
            let scale = OverviewScale(
                x: Double(overview.factor) * Double(pyramid.width) / level.extent.width,
                y: Double(overview.factor) * Double(pyramid.height) / level.extent.height)
            return (overview.image, scale)
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
    }

    func quality(
        of file: any ScanFile, _ pyramid: Pyramid, overview: RGBImage, tissue: TissueMask
    ) throws(AnalysisFailure) -> QualityCheck {
        let source = file.pixels(of: pyramid.levels[0])
        let windows = FocusMeasure.windows(
            in: tissue, width: source.width, height: source.height, count: Self.focusWindows, side: Self.focusSide)
        var measures: [FocusMeasure] = []
        for window in windows {
            do throws(SlideError) {
                if let measure = FocusMeasure(of: try source.pixels(in: window)) { measures.append(measure) }
            } catch {
                throw AnalysisFailure(error, stage: .read)
            }
        }
        return QualityCheck(
            QualityMeasures(overview: overview, tissue: tissue, focus: .median(of: measures)),
            thresholds: pipeline.definition.quality)
    }

    func tissue(on overview: RGBImage, _ scale: OverviewScale, _ pyramid: Pyramid) -> TissueMask {
        switch pipeline.definition.tissue {
        case .otsu(let minimumSaturation):
            TissueMask(
                overview: overview, fullWidth: pyramid.width, fullHeight: pyramid.height, scale: scale,
                options: TissueMask.Options(minimumSaturation: minimumSaturation))
        case .off: TissueMask.everything(fullWidth: pyramid.width, fullHeight: pyramid.height, scale: scale)
        }
    }
}
