import Findings
import Imaging
import Slides

/// A scan as one stage sees it, for what learns from it: windows at the stage's spacing, in the scan's own colours, and the
/// way from there to what the network takes.
public struct StagePicture: Sendable {
    /// Of the scan's first image, at level 0.
    public let fullWidth, fullHeight: Int
    /// At the spacing that the stage's network sees.
    public let width, height: Int
    private let normalisation: FittedNormalisation
    private let contract: TileContract
    private let resolution: WorkingResolution
    private let tissue: TissueMask
    fileprivate let stamp: FileStamp

    init(
        _ resolution: WorkingResolution, _ normalisation: FittedNormalisation, _ contract: TileContract,
        tissue: TissueMask, stamp: FileStamp
    ) {
        (fullWidth, fullHeight) = (resolution.fullWidth, resolution.fullHeight)
        (width, height) = (resolution.width, resolution.height)
        self.normalisation = normalisation
        self.contract = contract
        self.resolution = resolution
        self.tissue = tissue
        self.stamp = stamp
    }

    /// The share of a window that is tissue, from 0 to 1.
    public func tissueShare(in window: PixelWindow) -> Double { tissue.share(in: resolution.fullWindow(window)) }

    /// By what outlines would have to be multiplied to lie on tissue, where they lie on glass as they are: they were drawn on a
    /// lower resolution.
    public func factorToTissue(_ outlines: RegionsOfInterest) -> Int? {
        outlines.factorToTissue(tissue, width: fullWidth, height: fullHeight)
    }

    /// What a network takes for a window's pixels: `[C, H, W]`.
    public func planes(of image: RGBImage, at window: PixelWindow) -> [Float] {
        let place = PicturePlace(window, scanWidth: width, scanHeight: height)
        return contract.input.colour.channels(of: normalisation.planes(of: image, at: place))
    }
}

extension ScanAnalyser {
    /// Looks at a scan as an analysis does before its tiles.
    ///
    /// - Throws: what the analysis would fail with; `degenerate` nothing: a scan without tissue has no share of it anywhere.
    public func picture(
        of scan: borrowing OpenedScan, forStage index: Int
    ) throws(AnalysisFailure) -> StagePicture {
        let (file, pyramid, resolution) = try opened(scan, forStage: index)
        let stage = pipeline.stages[index]
        try resolution.requireRoom(forTiles: stage.contract.side)
        let (overview, scale) = try overview(of: file, pyramid)
        let tissue = tissue(on: overview, scale, pyramid)
        let looksEverywhere = pipeline.definition.tissue == .off
        let sample = TissueSample(overview, tissue: looksEverywhere ? nil : tissue.mask)
        return StagePicture(
            resolution, stage.normalisation.fitted(to: sample, overview: overview), stage.contract, tissue: tissue,
            stamp: scan.stamp)
    }

    /// The pixels under a window of a picture, mirrored in where it reaches outside.
    ///
    /// - Throws: `changed` where the file is not the one that the picture is of any more.
    public func pixels(
        in window: PixelWindow, of picture: StagePicture, _ scan: borrowing OpenedScan, forStage index: Int
    ) throws(AnalysisFailure) -> RGBImage {
        guard picture.stamp == scan.stamp else {
            throw AnalysisFailure(stage: .read, code: .changed, message: "the file changed since learning began")
        }
        let (file, pyramid, resolution) = try opened(scan, forStage: index)
        let level = pyramid.level(atLeastAsFineAs: resolution.downsample)
        do {
            let source = ResampledSource(
                file.pixels(of: level), width: resolution.width, height: resolution.height, extent: level.extent)
            return try source.pixelsReflectingOutside(in: window)
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
    }

    private func opened(
        _ scan: borrowing OpenedScan, forStage index: Int
    ) throws(AnalysisFailure) -> (any ScanFile, Pyramid, WorkingResolution) {
        let (_, file, pyramids) = try open(scan.files)
        let main = ScannedImage(pyramids[0], manifest: nil, policy: pipeline.definition.spacing)
        try main.requirePlausibleSpacing()
        if let refusal = pyramids[0].refusal { throw AnalysisFailure(refusal, stage: .open) }
        guard main.spacing.source != .unknown else {
            throw AnalysisFailure(
                stage: .open, code: .unknownSpacing, message: "no spacing, and the pipeline refuses to assume one")
        }
        let resolution = try WorkingResolution(
            of: pyramids[0], spacing: main.spacing,
            modelSpacing: pipeline.stages[index].model.card.input.spacing)
        return (file, pyramids[0], resolution)
    }
}
