import Imaging
import Slides

extension MaskImage {
    /// A mask from a PNG or a TIFF file; every pixel that is not zero is foreground.
    ///
    /// - Parameter line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public init(truthAt path: String, line: Int) throws(EvaluationError) {
        do {
            self =
                switch try TruthPicture(at: path) {
                case .png: try MaskImage(pngPath: path)
                case .tiff: try MaskImage(tiffPath: path)
                }
        } catch {
            throw EvaluationError(.unusableMask, "the mask in line \(line) of the manifest cannot be read: \(error)")
        }
    }

    /// Refuses a mask that marks every pixel, and yet tells some from others: it has another number than 0, or white, where nothing is.
    ///
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    func requireGround(at path: String, line: Int) throws(EvaluationError) {
        guard foregroundCount == width * height else { return }
        let numbers = try? LabelImage.read(path: path).regions.count
        let colours = numbers == nil ? try? RGBImage(pngPath: path) : nil
        let isPainted = colours.map { image in
            (3..<image.pixels.count).contains { image.pixels[$0] != image.pixels[$0 - 3] }
        }
        guard numbers ?? 1 > 1 || isPainted == true else { return }
        throw EvaluationError(
            .unusableMask,
            "the mask in line \(line) of the manifest marks every pixel, with several values: write 0 (black) where nothing is"
        )
    }
}
