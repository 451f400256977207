import Findings
import FoundationEssentials
import Imaging
import Slides

extension ScanAnalyser {
    private static let thumbnailQuality = 75
    /// Of the longest side: an overview that is smaller, for its factor is a whole number, is no thumbnail. Only a level of
    /// less than 2,304 pixels along its longer side makes such ones, and is read a second time.
    private static let leastShare = 0.75

    /// Nil where the pipeline wants none.
    func thumbnail(
        of file: borrowing any ScanFile, _ pyramid: Pyramid, overview: RGBImage
    ) throws(AnalysisFailure) -> Thumbnail? {
        guard pipeline.definition.thumbnails == .on else { return nil }
        let longest = Thumbnail.longestSide
        let scan = max(pyramid.width, pyramid.height)
        let side = max(overview.width, overview.height)
        do throws(SlideError) {
            var image = overview
            if scan > longest, Double(side) < Self.leastShare * Double(longest) {
                let level = file.pixels(of: pyramid.level(withLongerSideAtLeast: longest))
                image = try Self.shrunk(level, longestSide: longest)
            } else if side > longest {
                image = try Self.shrunk(overview, longestSide: longest)
            }
            return image.jpeg(quality: Self.thumbnailQuality).flatMap { jpeg in
                Thumbnail(width: image.width, height: image.height, jpeg: Data(jpeg))
            }
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
    }

    private static func shrunk(_ source: some PixelSource, longestSide: Int) throws(SlideError) -> RGBImage {
        let side = max(source.width, source.height)
        let width = max(1, source.width * longestSide / side)
        let height = max(1, source.height * longestSide / side)
        return try ResampledSource(source, width: width, height: height)
            .pixels(in: PixelWindow(x: 0, y: 0, width: width, height: height))
    }

    /// With the grades of all tiles that there are.
    func illustration(_ thumbnail: Thumbnail?, _ results: StageResults = StageResults()) -> ScanIllustration {
        guard pipeline.definition.thumbnails == .on else { return .none }
        return ScanIllustration(
            thumbnails: [thumbnail].compactMap(\.self),
            heatMaps: results.graded.compactMap { $0.heatMap() })
    }
}

extension GradedTiles {
    /// Nil where it would be too large to keep.
    fileprivate func heatMap() -> HeatMap? {
        let windows = (0..<grid.columns).map { resolution.fullWindow(grid.coveredWindow(of: $0)) }
        let heights = (0..<grid.rows).map { resolution.fullWindow(grid.coveredWindow(of: $0 * grid.columns)) }
        return HeatMap(
            stage: stage, classes: output.classes, columns: windows.map { $0.x..<$0.x + $0.width },
            rows: heights.map { $0.y..<$0.y + $0.height }, probabilities: { grades[$0]?.calibrated })
    }
}
