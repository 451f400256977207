import Imaging
import Slides

/// The regions of each scan as an OME-TIFF label image with levels of resolution, for programs that open whole slides;
/// objects and artefacts, where there are any, as one of their own. Beside them the probabilities of graded tiles, a channel a
/// class, of each stage of which heat maps are kept.
public struct LabelPyramidExport: Export {
    public static let name = "ome-tiff"

    private let folder: String
    private let naming: PictureNaming
    private let tell: @Sendable (String) -> Void

    /// - Parameter tell: told in a sentence what has no pixels, and so is in none of the images.
    public init(
        folder: String, naming: PictureNaming = .hash, tell: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.folder = folder
        self.naming = naming
        self.tell = tell
    }

    public func write(_ question: ExportQuestion) throws {
        try question.writeLabelImages(to: folder, naming, suffix: "ome.tif", tell: tell, with: LabelImage.writePyramid)
        var names = PictureNames(naming)
        try question.forEachPicture { picture in
            let name = names.name(of: picture)
            for map in picture.heatMaps {
                let stage = String(map.stage.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
                let path = "\(folder)/\(name).\(stage).probabilities.ome.tif"
                var file = try NewFile(at: path)
                let image = ProbabilityImage(map, micrometresPerPixel: picture.measuredMicrometresPerPixel)
                do throws(SlideError) { try image.write(to: file.openPath) } catch {
                    throw ExportError(.cannotCreate, "\(path): \(error)")
                }
                try file.publish()
            }
        }
    }
}
