import Findings
import Imaging
import Slides

/// One thread's view of a scan: a reader of its own on the shared descriptor, and the normalised
/// pixels of any tile.
struct TilePixels {
    private let source: any PixelSource
    private let normalisation: FittedNormalisation
    private let contract: TileContract

    init(source: any PixelSource, normalisation: FittedNormalisation, contract: TileContract) {
        self.source = source
        self.normalisation = normalisation
        self.contract = contract
    }

    /// A network's input for an answer for the pixels under `window`: `[C, H, W]`, mirrored in where it reaches outside of
    /// the scan.
    func planes(in window: PixelWindow) throws(AnalysisFailure) -> [Float] {
        let margin = contract.margin
        let window = PixelWindow(
            x: window.x - margin, y: window.y - margin, width: window.width + 2 * margin,
            height: window.height + 2 * margin)
        let image: RGBImage
        do {
            image = try source.pixelsReflectingOutside(in: window)
        } catch {
            throw AnalysisFailure(error, stage: .read)
        }
        let planes = normalisation.planes(
            of: image, at: PicturePlace(window, scanWidth: source.width, scanHeight: source.height))
        return contract.input.colour.channels(of: planes)
    }
}
