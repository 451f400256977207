import FindingStore
import Findings
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
        try createFolder(folder)
        var names = PictureNames(naming)
        try question.forEachPicture { picture in
            let name = names.name(of: picture)
            try picture.forEachLabelledKind { kind, marked in
                let suffix = kind == .region ? "" : ".\(kind.rawValue)s"
                let path = "\(folder)/\(name)\(suffix).ome.tif"
                var file = try NewFile(at: path)
                do throws(ImagingError) {
                    try LabelImage.writePyramid(
                        marked, width: picture.width, height: picture.height,
                        micrometresPerPixel: picture.measuredMicrometresPerPixel, to: file.openPath)
                } catch {
                    throw ExportError(.cannotCreate, "\(path): \(error)")
                }
                try file.publish()
            }
        }
    }
}
