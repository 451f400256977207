import Findings
import Imaging
import Slides

/// One thread's view of a scan: a reader of its own on the shared descriptor, and the normalised
/// pixels of any tile.
struct TilePixels {
    private let source: any PixelSource
    private let normalisation: FittedNormalisation

    init(source: any PixelSource, normalisation: FittedNormalisation) {
        self.source = source
        self.normalisation = normalisation
    }

    /// A network's input for the pixels under `window`: `[3, H, W]`, mirrored in where the window
    /// reaches outside of the scan.
    func planes(in window: PixelWindow) throws(AnalysisFailure) -> [Float] {
        let image: RGBImage
        do {
            image = try source.pixelsReflectingOutside(in: window)
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
        return normalisation.planes(
            of: image, at: PicturePlace(window, scanWidth: source.width, scanHeight: source.height))
    }
}
