import Findings
import Imaging
import TIFF

/// A scan at the resolution that networks see it at, from which each thread reads through a reader of its own.
struct ScanView: Sendable {
    /// Open for as long as the analysis takes.
    let fileDescriptor: Int32
    let resolution: WorkingResolution
    /// Of one thread's reader.
    let limits: TIFFLimits

    func pixels(_ normalisation: FittedNormalisation) throws(AnalysisFailure) -> TilePixels {
        let file = try ScanAnalyser.open(fileDescriptor, limits: limits)
        let pyramid = try ScanAnalyser.pyramid(of: file)
        let level = pyramid.level(atLeastAsFineAs: resolution.downsample)
        // A level of the wanted size is passed through as it is.
        let source = ResampledSource(file.pixels(of: level), width: resolution.width, height: resolution.height)
        return TilePixels(source: source, normalisation: normalisation)
    }

    func grid(tileSize: Int, overlap: Int, alignment: Int) throws(AnalysisFailure) -> TileGrid {
        do {
            return try TileGrid(
                width: resolution.width, height: resolution.height, tileSize: tileSize, overlap: overlap,
                alignment: alignment)
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
    }
}
