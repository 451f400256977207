import Findings
import Imaging
import Slides

/// Marks structures: every tile with tissue through the segmentation network, its probabilities
/// stitched, and regions cut from them as rows finish.
struct SegmentationPass {
    let network: TileNetwork
    let settings: PipelineDefinition.Segmentation
    let grid: TileGrid
    let resolution: WorkingResolution
    let threads: Int

    /// What the network's answers were like.
    struct Answers {
        /// Smallest and largest probability of the scan; nil where no tile was seen.
        var probabilities: ClosedRange<Float>?
        /// Of what the network saw, from 0 to 1.
        var glassShare: Double { tiles > 0 ? glass / Double(tiles) : 0 }

        private var glass = 0.0
        private var tiles = 0

        fileprivate mutating func include(_ tile: SeenTile) {
            guard var smallest = tile.probabilities.first else { return }
            var largest = smallest
            for value in tile.probabilities {
                smallest = min(smallest, value)
                largest = max(largest, value)
            }
            probabilities =
                probabilities.map { min($0.lowerBound, smallest)...max($0.upperBound, largest) } ?? smallest...largest
            glass += 1 - tile.tissueShare
            tiles += 1
        }
    }

    /// A tile that is not all glass.
    fileprivate struct SeenTile {
        /// `[tileHeight, tileWidth]`
        let probabilities: [Float]
        let tissueShare: Double
    }

    /// - Parameters:
    ///   - pixels: makes one thread's view of the scan.
    ///   - tissueShare: how much of a window of level 0 is not glass, from 0 to 1.
    ///   - found: takes each region, in pixels of level 0, once no later row can belong to it.
    func run(
        pixels: @Sendable () throws(AnalysisFailure) -> TilePixels,
        tissueShare: @Sendable (PixelWindow) -> Double,
        found: (Region) -> Void
    ) throws(AnalysisFailure) -> Answers {
        var stitcher = ProbabilityStitcher(grid: grid)
        // Regions are cut from the map at level 0, so that their geometry is exact there.
        var rescaler = ProbabilityRescaler(
            fromWidth: resolution.width, fromHeight: resolution.height, toWidth: resolution.fullWidth,
            toHeight: resolution.fullHeight)
        var extractor = RegionExtractor(width: resolution.fullWidth, options: try options())
        var answers = Answers()
        try OrderedTileMap(tileCount: grid.count, threadCount: threads).run(
            makeWorker: { () throws(AnalysisFailure) in
                (
                    pixels: try pixels(),
                    session: try TileSession(
                        network, height: grid.tileHeight, width: grid.tileWidth,
                        augmentation: settings.augmentation, stage: .segment)
                )
            },
            compute: { (worker, tile) throws(AnalysisFailure) -> SeenTile? in
                let share = tissueShare(resolution.fullWindow(grid.coveredWindow(of: tile)))
                guard share > 0 else { return nil }
                let planes = try worker.pixels.planes(in: grid.window(of: tile))
                let probabilities = Calibration.sigmoid(
                    try worker.session.logits(for: planes), temperature: network.card.temperature)
                return SeenTile(probabilities: probabilities, tissueShare: share)
            },
            consume: { (tile, seen) throws(AnalysisFailure) in
                if let seen { answers.include(seen) }
                do throws(ImagingError) {
                    try stitcher.add(seen?.probabilities, tile: tile) { (block) throws(ImagingError) in
                        try rescaler.add(block) { (full) throws(ImagingError) in
                            try extractor.add(full).forEach(found)
                        }
                    }
                } catch {
                    throw AnalysisFailure(error, stage: .measure)
                }
            })
        extractor.finish().forEach(found)
        return answers
    }

    /// Sizes are given in pixels that the network sees, and regions are cut at level 0: what is too small for a structure does
    /// not depend on the scanner.
    private func options() throws(AnalysisFailure) -> RegionExtractor.Options {
        do {
            return try RegionExtractor.Options(
                threshold: Float(settings.threshold),
                minimumArea: max(1, resolution.fullArea(settings.minimumAreaPixels)),
                maximumHoleArea: resolution.fullArea(settings.fillHolesPixels))
        } catch {
            throw AnalysisFailure(error, stage: .measure)
        }
    }
}
