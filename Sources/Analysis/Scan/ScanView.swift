import Findings
import Imaging
import Slides

/// A scan at the resolution that networks see it at, from which each thread reads through a reader of its own.
struct ScanView: Sendable {
    let source: ScanSource
    /// Which of the file's images.
    let image: Int
    let resolution: WorkingResolution

    func pixels(_ normalisation: FittedNormalisation, _ contract: TileContract) throws(AnalysisFailure) -> TilePixels {
        let level: PyramidLevel
        let pixels: any PixelSource
        do throws(SlideError) {
            let file = try source.open()
            level = file.pyramids[image].level(atLeastAsFineAs: resolution.downsample)
            pixels = file.pixels(of: level)
        } catch {
            throw AnalysisFailure(error, stage: .open)
        }
        // A level of the wanted size is passed through as it is.
        let source = ResampledSource(
            pixels, width: resolution.width, height: resolution.height, extent: level.extent)
        return TilePixels(source: source, normalisation: normalisation, contract: contract)
    }

    func grid(tileSize: Int, overlap: Int, alignment: Int, shrinks: Bool) throws(AnalysisFailure) -> TileGrid {
        do {
            return try TileGrid(
                width: resolution.width, height: resolution.height, tileSize: tileSize, overlap: overlap,
                alignment: alignment, shrinks: shrinks)
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
    }
}
