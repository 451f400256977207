import Imaging
import Slides

/// The regions of each scan as an OME-TIFF label image with levels of resolution, for programs that open whole slides;
/// objects and artefacts, where there are any, as one of their own.
public struct LabelPyramidExport: Export {
    public static let name = "ome-tiff"

    private let folder: String
    private let naming: PictureNaming

    public init(folder: String, naming: PictureNaming = .hash) {
        self.folder = folder
        self.naming = naming
    }

    public func write(_ question: ExportQuestion) throws {
        try question.writeLabelImages(to: folder, naming, suffix: "ome.tif", with: LabelImage.writePyramid)
    }
}
